//! Targets in words.

use super::format::{field, level, number};
use palette_tables::{Level, Target};

/// How a level was said, e.g. `the 80% quantile`.
pub fn level_in_words(said: Level) -> String {
    let percent = |q: f64| format!("{}%", field(100.0 * q, 1));
    match said {
        Level::At(c) => level(c),
        Level::Base(0.0) | Level::Maintain => "the base mean".to_owned(),
        Level::Base(delta) => {
            format!("{} {} the base mean", number(delta.abs()), if delta > 0.0 { "above" } else { "below" })
        }
        Level::BaseSd(share) => {
            let side = if share < 0.0 { "below" } else { "above" };
            format!("{} sd {side} the base mean", number(share.abs()))
        }
        Level::Quantile(q) => format!("the {} quantile", percent(q)),
        Level::PlainQuantile(q) => format!("the plain {} quantile", percent(q)),
        Level::LogGain(kappa) => format!("the base mean + ln {}", number(1.0 + kappa)),
    }
}

/// How a target was said, e.g. `at least the 80% quantile`.
pub fn target_in_words(target: Target) -> String {
    match target {
        Target::Off => "off".to_owned(),
        Target::MAINTAIN => "maintain".to_owned(),
        Target::AtLeast(level) => format!("at least {}", level_in_words(level)),
        Target::AtMost(level) => format!("at most {}", level_in_words(level)),
        Target::Exactly(level) => format!("exactly {}", level_in_words(level)),
        Target::Between(low, high) => format!("between {} and {}", level_in_words(low), level_in_words(high)),
    }
}

/// The levels that a target means, short: `+0.30` for at least.
pub fn bounds_in_words(bounds: (Option<f64>, Option<f64>)) -> String {
    match bounds {
        (None, None) => "off".to_owned(),
        (Some(low), None) => level(low),
        (None, Some(high)) => format!("at most {}", level(high)),
        (Some(low), Some(high)) if low == high => format!("exactly {}", level(low)),
        (Some(low), Some(high)) => format!("{} to {}", level(low), level(high)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_target_is_said() {
        let said = |target| target_in_words(target);
        assert_eq!(said(Target::MAINTAIN), "maintain");
        assert_eq!(said(Target::AtLeast(Level::Quantile(0.8))), "at least the 80% quantile");
        assert_eq!(said(Target::AtMost(Level::At(0.3))), "at most +0.30");
        assert_eq!(said(Target::Exactly(Level::Base(-0.5))), "exactly 0.50 below the base mean");
        assert_eq!(
            said(Target::Between(Level::Maintain, Level::PlainQuantile(0.625))),
            "between the base mean and the plain 62.5% quantile"
        );
        assert_eq!(said(Target::AtLeast(Level::LogGain(0.25))), "at least the base mean + ln 1.25");
        assert_eq!(bounds_in_words((Some(0.2), Some(0.4))), "+0.20 to +0.40");
        assert_eq!(bounds_in_words((Some(0.2), Some(0.2))), "exactly +0.20");
    }
}
