//! The plane in words.

use crate::app::format::{isolated, level};
use crate::app::state::repaired::whole_percent;
use crate::app::target_words::bounds_in_words;
use palette_study::ValueReport;

/// `humor at least +0.69`.
pub(super) fn asked(name: &str, bounds: (Option<f64>, Option<f64>)) -> String {
    let name = isolated(name);
    match bounds {
        (Some(low), None) => format!("{name} at least {}", level(low)),
        (Some(low), Some(high)) if low != high => format!("{name} from {} to {}", level(low), level(high)),
        _ => format!("{name} {}", bounds_in_words(bounds)),
    }
}

/// How far each value can go, and where the palette stands. `attained` are the levels that come out, of the
/// palette scaled back to `back` where it cannot be met.
pub(super) fn what_one_sees(
    [a, b]: [&ValueReport; 2],
    attained: [f64; 2],
    back: Option<f64>,
    possible: bool,
) -> String {
    let palette = back.map_or("The palette stands".to_owned(), |share| {
        format!("Scaled back to {:.0}% the palette stands", whole_percent(share))
    });
    let stands = format!(
        "{palette} at {} and {}, the base at {} and {}.",
        level(attained[0]),
        level(attained[1]),
        level(a.base),
        level(b.base)
    );
    let [name, other] = [a, b].map(|value| isolated(&value.name));
    if !possible {
        return format!(
            "The other targets alone are out of reach, whatever {name} and {other} are: ease one of those \
                first. {stands}"
        );
    }
    format!("{} {} {stands}", up_to(a, b), up_to(b, a))
}

/// `humor can go up to +1.20 with harmless at its target.`
fn up_to(value: &ValueReport, other: &ValueReport) -> String {
    let [name, beside] = [value, other].map(|value| isolated(&value.name));
    match (value.max_reachable, other.target) {
        (Some(most), Some(_)) => {
            format!("{name} can go up to {} with {beside} at its target.", level(most))
        }
        (Some(most), None) => {
            format!("{name} can go up to {} with nothing asked of {beside}.", level(most))
        }
        (None, _) => format!("The target of {beside} is out of reach beside the others, whatever {name} is."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str, target: Option<f64>, most: Option<f64>) -> ValueReport {
        ValueReport {
            name: name.into(),
            base: 0.1,
            standard_deviation: 1.0,
            target,
            lower: target,
            upper: None,
            realised: None,
            interval: None,
            lambda: None,
            max_reachable: most,
            min_reachable: None,
            lambda_by_target: None,
            level_by_target: None,
        }
    }

    #[test]
    fn every_state_of_the_plane_is_said() {
        let (a, b) = (value("humor", Some(0.5), Some(1.2)), value("harmless", Some(0.4), Some(0.9)));
        let said = what_one_sees([&a, &b], [0.5, 0.42], None, true);
        assert_eq!(
            said,
            "humor can go up to +1.20 with harmless at its target. harmless can go up to +0.90 with humor at \
                its target. The palette stands at +0.50 and +0.42, the base at +0.10 and +0.10."
        );
        let (free, stuck) = (value("humor", None, None), value("harmless", Some(9.0), Some(0.9)));
        let said = what_one_sees([&free, &stuck], [0.5, 0.42], Some(0.725), true);
        assert!(said.contains("The target of harmless is out of reach beside the others"), "{said}");
        assert!(said.contains("with nothing asked of humor") && said.contains("back to 72%"), "{said}");
        assert!(what_one_sees([&a, &b], [0.5, 0.42], None, false).contains("ease one of those first"));
        assert_eq!(asked("humor", (Some(0.2), None)), "humor at least +0.20");
        assert_eq!(asked("humor", (None, Some(0.2))), "humor at most +0.20");
        assert_eq!(asked("humor", (Some(0.1), Some(0.2))), "humor from +0.10 to +0.20");
    }
}
