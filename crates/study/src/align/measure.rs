//! What picking gives on new prompts: expected levels with intervals, paired with the base on the same prompts.
//!
//! Prompts are the sampling units throughout: each gives one number, and intervals are over those.

use super::choose::{Choice, rows_of};
use super::outcome::{Outcome, outcome_of};
use crate::asked::AskedTarget;
use crate::interval::Estimate;
use palette_tables::SampleSet;
use serde::{Deserialize, Serialize};

/// What came out on some prompts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Number of prompts.
    pub prompts: usize,
    /// KL(p ‖ uniform) among the drafts of a prompt, nats: what choosing spent.
    pub kl: Estimate,
    /// One for each value of the drafts, then one for each target on a group of prompts that the drafts have.
    pub values: Vec<MeasuredValue>,
}

/// What came out for one value; levels in its own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasuredValue {
    /// The value's, or `VALUE@GROUP`.
    pub name: String,
    /// The group of prompts whose numbers these are; `None`: all prompts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
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

/// Measures `choice` among `drafts` against `asked` (by name; values that none is about have no target).
pub fn measure(drafts: &SampleSet, choice: &Choice, asked: &[AskedTarget]) -> Measured {
    let groups = rows_of(drafts);
    let kl = kl_by_prompt(&groups, &choice.probability);
    let all = Prompts { drafts, choice, rows: groups.iter().zip(&choice.picked).collect() };
    let mut values: Vec<MeasuredValue> = (drafts.values.iter().enumerate())
        .map(|(i, value)| {
            let target = asked.iter().find(|asked| asked.group.is_none() && asked.name == value.name);
            all.measured(i, value.name.clone(), target)
        })
        .collect();
    for target in asked {
        let (Some(group), Some(i)) = (&target.group, drafts.value_index(target.value())) else { continue };
        let rows: Vec<_> =
            all.rows.iter().copied().filter(|(rows, _)| drafts.answers[rows[0]].group == *group).collect();
        if !rows.is_empty() {
            values.push(Prompts { rows, ..all }.measured(i, target.name.clone(), Some(target)));
        }
    }
    Measured { prompts: groups.len(), kl: Estimate::of(&kl), values }
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

/// The prompts that something is measured on.
struct Prompts<'a> {
    drafts: &'a SampleSet,
    choice: &'a Choice,
    /// The rows of each, and the picked one.
    rows: Vec<(&'a Vec<usize>, &'a usize)>,
}

impl Prompts<'_> {
    /// What came out of value `i`.
    fn measured(&self, i: usize, name: String, target: Option<&AskedTarget>) -> MeasuredValue {
        let (drafts, choice) = (self.drafts, self.choice);
        let reward = |j: usize| drafts.answers[j].rewards[i];
        let by_prompt = |of: &dyn Fn(&[usize]) -> f64| -> Vec<f64> {
            self.rows.iter().map(|(rows, _)| of(rows)).collect()
        };
        let base = by_prompt(&|rows| rows.iter().map(|j| reward(*j)).sum::<f64>() / rows.len() as f64);
        let expected = by_prompt(&|rows| rows.iter().map(|j| choice.probability[*j] * reward(*j)).sum());
        let lift = by_prompt(&|rows| lift_on(drafts, rows, &choice.probability, i));
        let wins = by_prompt(&|rows| {
            if rows.len() < 2 {
                return 0.5;
            }
            let others = (rows.len() - 1) as f64;
            let against = |j: &usize| {
                rows.iter().filter(|l| *l != j).map(|l| above(reward(*j), reward(*l))).sum::<f64>()
            };
            rows.iter().map(|j| choice.probability[*j] * against(j) / others).sum()
        });
        let picked: Vec<f64> = self.rows.iter().map(|(_, j)| reward(**j)).collect();
        let level = Estimate::of(&expected);
        let below = by_prompt(&|rows| {
            rows.iter().map(|j| above(level.mean, reward(*j))).sum::<f64>() / rows.len() as f64
        });
        let (outcome, more_prompts) = match target {
            Some(target) if !target.is_off() => {
                outcome_of(if target.relative { &lift } else { &expected }, target)
            }
            _ => (Outcome::NoTarget, None),
        };
        let (base, lift) = (Estimate::of(&base), Estimate::of(&lift));
        let asked_lift = target.and_then(|target| {
            let [lower, _] = target.measured_bounds();
            lower.map(|c| if target.relative { c } else { c - base.mean }).filter(|asked| *asked > 0.0)
        });
        MeasuredValue {
            name,
            group: target.and_then(|target| target.group.clone()),
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

#[cfg(test)]
mod tests {
    use super::super::choose::choose;
    use super::super::testing::{drafts, on_all};
    use super::*;

    fn at_least(level: f64, relative: bool) -> AskedTarget {
        AskedTarget {
            name: "a".into(),
            group: None,
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
        let measured = measure(&drafts, &choose(&drafts, &on_all(&lambda), 5), &[at_least(1.2, false)]);
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
    fn relative_targets_are_judged_by_the_lift() {
        let mut drafts = drafts(30);
        // New prompts whose answers have much less of the value anyway, each by its own amount.
        for answer in &mut drafts.answers {
            answer.rewards[0] -= 10.0 + answer.prompt as f64;
        }
        let choice = choose(&drafts, &on_all(&[2.0, 0.0]), 1);
        let outcome = |relative| measure(&drafts, &choice, &[at_least(1.5, relative)]).values[0].outcome;
        assert_eq!(outcome(true), Outcome::Met);
        assert_eq!(outcome(false), Outcome::Missed);
    }

    #[test]
    fn a_target_on_a_group_is_judged_on_its_prompts() {
        let mut drafts = drafts(30);
        for answer in &mut drafts.answers {
            if answer.prompt % 3 == 0 {
                answer.group = "teens".into();
                answer.rewards[0] += 5.0;
            }
        }
        let asked = |group: &str, level| AskedTarget {
            name: format!("a@{group}"),
            group: Some(group.into()),
            ..at_least(level, false)
        };
        let choice = choose(&drafts, &on_all(&[0.5, 0.0]), 1);
        let measured =
            measure(&drafts, &choice, &[at_least(6.0, false), asked("teens", 6.0), asked("adults", 6.0)]);
        // Nothing is said of a group that no prompt is of.
        assert_eq!(measured.values.len(), 3);
        let (all, teens) = (&measured.values[0], &measured.values[2]);
        assert_eq!((all.outcome, teens.outcome), (Outcome::Missed, Outcome::Met));
        assert_eq!((teens.name.as_str(), teens.group.as_deref()), ("a@teens", Some("teens")));
        assert!((teens.base.mean - 6.0).abs() < 1e-12 && (all.base.mean - (1.0 + 5.0 / 3.0)).abs() < 1e-12);
        let picked = choice.picked.iter().filter(|j| drafts.answers[**j].group == "teens");
        let picked = picked.map(|j| drafts.answers[*j].rewards[0]).sum::<f64>() / 10.0;
        assert!((teens.picked.mean - picked).abs() < 1e-12);
    }
}
