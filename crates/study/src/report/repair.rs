//! What to ask for instead of a palette that is out of reach or too dear: exactly, and just within reach.

use super::{closest, target};
use crate::Question;
use crate::compose::{Composer, Memory, SolveContext};
use map_align::{Bounds, INSIDE, Ranges, Repair, Repaired, Solution, Verdict, assess, repair, solve};
use serde::{Deserialize, Serialize};

/// A palette repaired in one way. Unless it was reachable or has a budget, what is repaired lies on the edge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RepairReport {
    /// The repair as it was asked for.
    pub how: String,
    /// Of the palette as it was.
    pub verdict_before: Verdict,
    /// Of the repaired palette; like all that follows it is `None` or empty where no repair is possible.
    pub verdict: Option<Verdict>,
    /// `false` when no level of the one value that may give way would do.
    pub possible: bool,
    /// Whether the palette was changed at all.
    pub changed: Option<bool>,
    /// Of [`Repair::Ray`]: the share of the way from base to palette.
    pub share: Option<f64>,
    /// Euclidean distance to the palette asked for, standard deviations.
    #[serde(rename = "distance_sd")]
    pub distance: Option<f64>,
    /// Of the repaired palette, as in [`Report`](super::Report); so are `kl` and `drafts`.
    #[serde(rename = "slack_sd")]
    pub slack: Option<f64>,
    pub kl: Option<f64>,
    pub drafts: Option<f64>,
    /// One for each value of the sample set, in its order.
    pub values: Vec<RepairedTarget>,
    /// One for each column of targets on groups and of shares of groups.
    pub groups: Vec<RepairedTarget>,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// One target before and after a repair; levels in the value's own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RepairedTarget {
    /// The value, `VALUE@GROUP`, or `share of GROUP`.
    pub name: String,
    /// Base mean.
    pub base: f64,
    /// The bound that was asked for, of a range the lower one; `None` when off.
    pub asked: Option<f64>,
    /// The same after the repair, with both bounds.
    pub target: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// How far the bound moved, in standard deviations; negative when a level comes down.
    #[serde(rename = "moved_sd")]
    pub moved: f64,
    pub realised: Option<f64>,
    /// Nats per unit; `None` unless the repaired palette is reachable.
    pub lambda: Option<f64>,
}

/// A repair eased until it lies just within reach, where λ is finite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EasedRepair {
    pub how: Repair,
    /// What changes: levels of the values that give way.
    pub moves: Vec<Moved>,
    /// Euclidean distance to the palette asked for, standard deviations.
    pub distance: f64,
    /// Of [`Repair::Ray`]: the share of the way from base to the eased palette, [`INSIDE`] of what can be had.
    pub share: Option<f64>,
    /// What the repaired palette costs, nats; `None` where it could not be solved.
    pub kl: Option<f64>,
}

/// A target that gives way; levels in the value's own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// Index of the value.
    pub value: usize,
    /// The group of prompts that the target is about, unless it is about all.
    pub group: Option<String>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// How far the bound moved, in standard deviations; negative when a level comes down.
    pub by: f64,
}

/// A repaired palette lies on the edge, where λ has no bound: what gave way gives so much more, in standard
/// deviations.
const WITHIN: f64 = 0.02;

impl Composer {
    /// Repairs `question` exactly. `said` is `how` as it was asked for.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set.
    pub fn repair(&mut self, question: &Question, how: &Repair, said: &str) -> Result<RepairReport, String> {
        self.in_context(&question.palette, question.pooling, |mut context| {
            let verdict_before = context.assessment().verdict;
            let Memory { pool, .. } = &mut *context.memory;
            let Some(found) = repair(context.problem, pool, context.bounds, how) else {
                return RepairReport {
                    how: said.to_owned(),
                    verdict_before,
                    verdict: None,
                    possible: false,
                    changed: None,
                    share: None,
                    distance: None,
                    slack: None,
                    kl: None,
                    drafts: None,
                    values: Vec::new(),
                    groups: Vec::new(),
                    notes: Vec::new(),
                };
            };
            let after = assess(context.problem, pool, &found.bounds, None, Ranges::None);
            let at = closest(&after);
            let bounded = (after.verdict == Verdict::Reachable).then_some(&after.solution);
            let mut values = targets(&context, &found, at, bounded);
            let groups = values.split_off(context.set.values.len());
            RepairReport {
                how: said.to_owned(),
                verdict_before,
                verdict: Some(after.verdict),
                possible: true,
                changed: Some(found.changed),
                share: found.share,
                distance: Some(found.distance),
                slack: after.slack,
                kl: at.map(|s| s.kl),
                drafts: at.map(|s| s.kl.exp()),
                values,
                groups,
                notes: Vec::new(),
            }
        })
    }

    /// The repairs that change something, each eased until it lies just within reach, in the order of `hows`.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set.
    pub fn repairs(&mut self, question: &Question, hows: &[Repair]) -> Result<Vec<EasedRepair>, String> {
        self.in_context(&question.palette, question.pooling, |mut context| {
            hows.iter().filter_map(|how| eased_repair(&mut context, how)).collect()
        })
    }
}

/// Every column's target before and after.
fn targets(
    context: &SolveContext,
    found: &Repaired,
    at: Option<&Solution>,
    bounded: Option<&Solution>,
) -> Vec<RepairedTarget> {
    (context.column_names().into_iter().enumerate())
        .map(|(i, name)| RepairedTarget {
            name,
            base: context.problem.mean(i),
            asked: target(&context.bounds[i]),
            target: target(&found.bounds[i]),
            lower: found.bounds[i].lower,
            upper: found.bounds[i].upper,
            moved: found.moved[i],
            realised: at.map(|s| s.realised[i]),
            lambda: bounded.map(|s| s.lambda[i]),
        })
        .collect()
}

/// `None` when the repair is not possible or changes nothing.
fn eased_repair(context: &mut SolveContext, how: &Repair) -> Option<EasedRepair> {
    let Memory { pool, start, .. } = &mut *context.memory;
    let found = repair(context.problem, pool, context.bounds, how).filter(|r| r.changed)?;
    // All scaled alike is the palette that the report of one out of reach gives its figures for.
    let share = found.share.map(|share| share * INSIDE);
    let within = if matches!(how, Repair::Budget(_)) { 0.0 } else { WITHIN };
    let eased: Vec<Bounds> = (found.bounds.iter().zip(context.bounds).enumerate())
        .map(|(i, (found, original))| match share {
            Some(share) => {
                let base = context.problem.mean(i);
                original.map(|c| base + share * (c - base))
            }
            None => ease(found, original, within * context.problem.standard_deviation(i)),
        })
        .collect();
    let solution = solve(context.problem, &eased, start.as_deref());
    Some(EasedRepair {
        how: how.clone(),
        moves: moves(context, &found, &eased),
        distance: found.distance,
        share,
        kl: solution.converged().then_some(solution.kl),
    })
}

/// The bounds that differ from the `original` eased by `by`.
fn ease(found: &Bounds, original: &Bounds, by: f64) -> Bounds {
    if found.lower == found.upper && found.lower != original.lower {
        // An equality that gave way goes a little further from where it was asked.
        let sign = if found.lower < original.lower { -1.0 } else { 1.0 };
        return found.map(|c| c + sign * by);
    }
    let lower = if found.lower == original.lower { found.lower } else { found.lower.map(|c| c - by) };
    let upper = if found.upper == original.upper { found.upper } else { found.upper.map(|c| c + by) };
    Bounds { lower, upper }
}

/// The targets that the repair changes, as `eased` has them.
fn moves(context: &SolveContext, found: &Repaired, eased: &[Bounds]) -> Vec<Moved> {
    let moved = |i: usize| {
        let (value, group) = context.place_of(i)?;
        Some(Moved { value, group, lower: eased[i].lower, upper: eased[i].upper, by: found.moved[i] })
    };
    (0..eased.len()).filter(|&i| found.bounds[i] != context.bounds[i]).filter_map(moved).collect()
}
