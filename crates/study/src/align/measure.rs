//! What picking gives on new prompts: expected levels with intervals, paired with the base on the same prompts.
//!
//! Prompts are the sampling units throughout: each gives one number, and intervals are over those.

use super::choose::{Choice, rows_of};
use crate::asked::AskedTarget;
use crate::interval::{Estimate, standard_error, student};
use palette_tables::SampleSet;
use serde::{Deserialize, Serialize};

/// What came out on some prompts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Number of prompts.
    pub prompts: usize,
    /// KL(p ‖ uniform) among the drafts of a prompt, nats: what choosing spent.
    pub kl: Estimate,
    /// One for each value of the drafts.
    pub values: Vec<MeasuredValue>,
}

/// What came out for one value; levels in its own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasuredValue {
    pub name: String,
    /// Mean reward of the drafts.
    pub base: Estimate,
    /// Σ_j p_j r_j: what picking gives on average over its own chance.
    pub expected: Estimate,
    /// `expected` less `base`, paired by prompt.
    pub lift: Estimate,
    /// Mean reward of the picked drafts: what one reader would see.
    pub picked: Estimate,
    /// Share of the drafts, each prompt weighing alike, that the expected level lies above (ties half).
    pub place: f64,
    /// Chance that the picked draft has more of the value than another one of the same prompt (ties half).
    pub win_rate: Estimate,
    /// `lift` as a share of what was asked; `None` where no lift was.
    pub share_of_lift: Option<f64>,
    pub outcome: Outcome,
    /// For [`Outcome::Undecided`]: about how many more prompts would decide it, were the means as they are;
    /// `None` where no sensible number would.
    pub more_prompts: Option<usize>,
}

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

/// Measures `choice` among `drafts` against `asked` (by name; values that none is about have no target).
pub fn measure(drafts: &SampleSet, choice: &Choice, asked: &[AskedTarget]) -> Measured {
    let groups = rows_of(drafts);
    let kl = kl_by_prompt(&groups, &choice.probability);
    let value = |(i, value): (usize, &palette_tables::Value)| {
        let target = asked.iter().find(|asked| asked.name == value.name);
        measured_value(drafts, choice, &groups, i, &value.name, target)
    };
    Measured {
        prompts: groups.len(),
        kl: Estimate::of(&kl),
        values: drafts.values.iter().enumerate().map(value).collect(),
    }
}

/// KL(p ‖ uniform) among the drafts of each prompt, nats; `p` has one entry for each draft.
pub(crate) fn kl_by_prompt(groups: &[Vec<usize>], p: &[f64]) -> Vec<f64> {
    let of = |rows: &Vec<usize>| {
        rows.iter().filter(|j| p[**j] > 0.0).map(|j| p[*j] * (p[*j] * rows.len() as f64).ln()).sum()
    };
    groups.iter().map(of).collect()
}

/// Expected level of value `i` less its base over the `rows` (drafts) of one prompt, in its own unit; `probability`
/// has one entry for each draft of the set.
pub fn lift_on(drafts: &SampleSet, rows: &[usize], probability: &[f64], i: usize) -> f64 {
    let share = 1.0 / rows.len() as f64;
    rows.iter().map(|j| (probability[*j] - share) * drafts.answers[*j].rewards[i]).sum()
}

fn measured_value(
    drafts: &SampleSet,
    choice: &Choice,
    groups: &[Vec<usize>],
    i: usize,
    name: &str,
    target: Option<&AskedTarget>,
) -> MeasuredValue {
    let reward = |j: usize| drafts.answers[j].rewards[i];
    let by_prompt =
        |of: &dyn Fn(&[usize]) -> f64| -> Vec<f64> { groups.iter().map(|rows| of(rows)).collect() };
    let base = by_prompt(&|rows| rows.iter().map(|j| reward(*j)).sum::<f64>() / rows.len() as f64);
    let expected = by_prompt(&|rows| rows.iter().map(|j| choice.probability[*j] * reward(*j)).sum());
    let lift = by_prompt(&|rows| lift_on(drafts, rows, &choice.probability, i));
    let wins = by_prompt(&|rows| {
        if rows.len() < 2 {
            return 0.5;
        }
        let others = (rows.len() - 1) as f64;
        let against =
            |j: &usize| rows.iter().filter(|l| *l != j).map(|l| above(reward(*j), reward(*l))).sum::<f64>();
        rows.iter().map(|j| choice.probability[*j] * against(j) / others).sum()
    });
    let picked: Vec<f64> = choice.picked.iter().map(|j| reward(*j)).collect();
    let level = Estimate::of(&expected);
    let below = by_prompt(&|rows| {
        rows.iter().map(|j| above(level.mean, reward(*j))).sum::<f64>() / rows.len() as f64
    });
    let (outcome, more_prompts) = match target {
        Some(target) if !target.is_off() => judge(if target.relative { &lift } else { &expected }, target),
        _ => (Outcome::NoTarget, None),
    };
    let (base, lift) = (Estimate::of(&base), Estimate::of(&lift));
    let asked_lift = target.and_then(|target| {
        let [lower, _] = target.measured_bounds();
        lower.map(|c| if target.relative { c } else { c - base.mean }).filter(|asked| *asked > 0.0)
    });
    MeasuredValue {
        name: name.to_owned(),
        share_of_lift: asked_lift.map(|asked| lift.mean / asked).filter(|share| share.is_finite()),
        base,
        expected: level,
        lift,
        picked: Estimate::of(&picked),
        place: Estimate::of(&below).mean,
        win_rate: Estimate::of(&wins),
        outcome,
        more_prompts,
    }
}

/// 1 where `a` is above `b`, ½ where they are the same.
fn above(a: f64, b: f64) -> f64 {
    if a > b {
        1.0
    } else if a == b {
        0.5
    } else {
        0.0
    }
}

/// The most that can be said of a target from `x`, one number for each prompt.
fn judge(x: &[f64], target: &AskedTarget) -> (Outcome, Option<usize>) {
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
    use super::super::choose::choose;
    use super::super::testing::drafts;
    use super::*;

    fn at_least(level: f64, relative: bool) -> AskedTarget {
        AskedTarget {
            name: "a".into(),
            lower: Some(level),
            upper: None,
            relative,
            base: 1.0,
            base_error: None,
            prompts: 1,
        }
    }

    #[test]
    fn what_is_measured_follows_from_the_probabilities() {
        let drafts = drafts(40);
        let lambda = [0.8, 0.3];
        let measured = measure(&drafts, &choose(&drafts, &lambda, 5), &[at_least(1.2, false)]);
        let scores = [0.3f64, 0.8, 1.3].map(f64::exp);
        let p = scores.map(|s| s / scores.iter().sum::<f64>());
        let a = &measured.values[0];
        let level = p[1] + 2.0 * p[2];
        assert!((a.base.mean - 1.0).abs() < 1e-12 && (a.expected.mean - level).abs() < 1e-12);
        assert!((a.lift.mean - (level - 1.0)).abs() < 1e-12);
        assert!((measured.kl.mean - p.iter().map(|p| p * (3.0 * p).ln()).sum::<f64>()).abs() < 1e-12);
        assert!((a.win_rate.mean - (0.5 * p[1] + p[2])).abs() < 1e-12);
        // Above the first two of three.
        assert!((a.place - 2.0 / 3.0).abs() < 1e-12);
        assert!((a.share_of_lift.expect("a share") - (level - 1.0) / 0.2).abs() < 1e-9);
        // All prompts are the same: the interval is a point.
        assert_eq!(a.outcome, Outcome::Met);
        assert_eq!(measured.values[1].outcome, Outcome::NoTarget);
        let [low, high] = a.picked.interval.expect("an interval");
        assert!(low < level && level < high, "one pick a prompt scatters about the expected level");
    }

    #[test]
    fn says_only_what_the_interval_carries() {
        // Mean 1, standard deviation 1, standard error 0.1.
        let x: Vec<f64> =
            (0..100).map(|j| if j % 2 == 0 { 1.0 + 0.994_987 } else { 1.0 - 0.994_987 }).collect();
        let outcome = |lower: Option<f64>, upper: Option<f64>| {
            judge(&x, &AskedTarget { lower, upper, base: 0.0, ..at_least(0.0, false) })
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
        assert_eq!(judge(&[1.0], &at_least(0.5, false)), (Outcome::TooFew, None));
    }

    #[test]
    fn relative_targets_are_judged_by_the_lift() {
        let mut drafts = drafts(30);
        // New prompts whose answers have much less of the value anyway, each by its own amount.
        for answer in &mut drafts.answers {
            answer.rewards[0] -= 10.0 + answer.prompt as f64;
        }
        let choice = choose(&drafts, &[2.0, 0.0], 1);
        let outcome = |relative| measure(&drafts, &choice, &[at_least(1.5, relative)]).values[0].outcome;
        assert_eq!(outcome(true), Outcome::Met);
        assert_eq!(outcome(false), Outcome::Missed);
    }
}
