//! Whether a target was met, and how many more prompts would tell.

use crate::asked::AskedTarget;
use crate::interval::{Estimate, standard_error, student};
use serde::{Deserialize, Serialize};

/// Whether a target was met, as far as the interval of the expected level (or lift) tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing was asked.
    NoTarget,
    /// The whole interval lies within the target.
    Met,
    /// The whole interval lies outside.
    Missed,
    /// The interval has an end on each side.
    Undecided,
    /// An exact level lies within the interval: no number of prompts tells more than that.
    Near,
    /// There are too few prompts for an interval.
    TooFew,
}

impl Outcome {
    /// As in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::NoTarget => "no-target",
            Outcome::Met => "met",
            Outcome::Missed => "missed",
            Outcome::Undecided => "undecided",
            Outcome::Near => "near",
            Outcome::TooFew => "too-few",
        }
    }
}

/// More prompts than this are not sensible to propose.
const MOST_PROMPTS: f64 = 10_000.0;

/// The most that can be said of a target from `x`, one number for each prompt.
pub(super) fn outcome_of(x: &[f64], target: &AskedTarget) -> (Outcome, Option<usize>) {
    let estimate = Estimate::of(x);
    let (Some([low, high]), Some(error)) = (estimate.interval, standard_error(x)) else {
        return (Outcome::TooFew, None);
    };
    let [lower, upper] = target.measured_bounds();
    // Levels that should be the same may differ by rounding.
    let same = 1e-9 * (1.0 + estimate.mean.abs());
    let inside = lower.is_none_or(|c| low >= c - same) && upper.is_none_or(|c| high <= c + same);
    let outside = lower.is_some_and(|c| high < c - same) || upper.is_some_and(|c| low > c + same);
    match (lower, upper) {
        _ if inside => (Outcome::Met, None),
        _ if outside => (Outcome::Missed, None),
        (Some(from), Some(to)) if from == to => (Outcome::Near, None),
        _ => {
            let gap = [lower, upper]
                .into_iter()
                .flatten()
                .map(|c| (estimate.mean - c).abs())
                .fold(f64::INFINITY, f64::min);
            (Outcome::Undecided, more_prompts(x.len(), error, gap))
        }
    }
}

/// How many prompts beside the `n` that there are bring the half-width of the interval down to `gap`.
fn more_prompts(n: usize, error: f64, gap: f64) -> Option<usize> {
    let deviation = error * (n as f64).sqrt();
    let mut needed = n as f64;
    // Student's t depends on the number a little: a few rounds settle it.
    for _ in 0..4 {
        let factor = student(0.975, (needed as usize).max(2) - 1);
        needed = (factor * deviation / gap).powi(2);
        if needed.is_nan() || needed > MOST_PROMPTS {
            return None;
        }
    }
    Some((needed.ceil() as usize).saturating_sub(n).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_least(level: f64) -> AskedTarget {
        AskedTarget {
            name: "a".into(),
            group: None,
            lower: Some(level),
            upper: None,
            relative: false,
            base: 0.0,
            base_error: None,
            prompts: 1,
        }
    }

    #[test]
    fn says_only_what_the_interval_carries() {
        // Mean 1, standard deviation 1, standard error 0.1.
        let x: Vec<f64> =
            (0..100).map(|j| if j % 2 == 0 { 1.0 + 0.994_987 } else { 1.0 - 0.994_987 }).collect();
        let outcome = |lower: Option<f64>, upper: Option<f64>| {
            outcome_of(&x, &AskedTarget { lower, upper, ..at_least(0.0) })
        };
        assert_eq!(outcome(Some(0.75), None), (Outcome::Met, None));
        assert_eq!(outcome(Some(1.25), None), (Outcome::Missed, None));
        assert_eq!(outcome(None, Some(0.75)), (Outcome::Missed, None));
        assert_eq!(outcome(Some(0.5), Some(1.5)), (Outcome::Met, None));
        assert_eq!(outcome(Some(1.1), Some(1.1)), (Outcome::Near, None));
        // (1.97/0.1)² = 387 prompts bring the half-width down to 0.1.
        let (undecided, more) = outcome(Some(0.9), None);
        assert_eq!(undecided, Outcome::Undecided);
        assert!(more.is_some_and(|more| (280..295).contains(&more)), "{more:?}");
        assert_eq!(outcome(Some(1.0), None), (Outcome::Undecided, None));
        assert_eq!(outcome_of(&[1.0], &at_least(0.5)), (Outcome::TooFew, None));
    }
}
