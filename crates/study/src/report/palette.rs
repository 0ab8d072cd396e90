//! The report of one palette: verdict with proof, price, λ, levels and how far each could go.

use super::certificate::CertificateReport;
use super::{Drafted, Trust, closest, notes, target};
use crate::Pooling;
use crate::compose::{Composer, SolveContext};
use crate::interval::NORMAL_95;
use map_align::{
    Assessment, Problem, Ranges, Solution, Status, Verdict, effective_samples, largest_weight, sensitivity,
    standard_errors,
};
use palette_tables::Palette;
use serde::{Deserialize, Serialize};

/// The answer to one palette with the weights of all answers, which stay out of the report: there are as many
/// as answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Solved {
    pub report: Report,
    /// Probability of every answer under [`Report::attained`], given its prompt (per prompt) or overall
    /// (pooled), in the set's order.
    #[serde(with = "crate::packed")]
    pub weights: Vec<f64>,
}

/// What there is to say of a palette on a table.
///
/// Figures that are `None` where the palette is not met are those of the weights that meet it: of the
/// solution where it is reachable, on the edge of the weights that come closest, as far as floating point
/// goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub verdict: Verdict,
    /// t*: the most by which all targets could be raised at once, in standard deviations; negative when out
    /// of reach. `None` without a target on a value that varies.
    #[serde(rename = "slack_sd")]
    pub slack: Option<f64>,
    /// KL divergence to the base model, nats.
    pub kl: Option<f64>,
    /// Drafts that picking one answer needs: e^KL.
    pub drafts: Option<f64>,
    /// Effective sample size 1/Σw², of all answers.
    #[serde(rename = "ess")]
    pub effective_samples: Option<f64>,
    /// The largest weight of a single answer, of 1.
    pub largest_weight: Option<f64>,
    /// Largest violation of the optimality conditions, in standard deviations.
    #[serde(rename = "kkt_residual_sd")]
    pub kkt_residual: Option<f64>,
    /// KL less the dual's value, nats: 0 at the optimum.
    pub duality_gap: Option<f64>,
    pub iterations: usize,
    #[serde(rename = "status")]
    pub ending: Ending,
    /// Rows that take part.
    pub answers: usize,
    /// Groups within which answers compete.
    pub prompts: usize,
    /// [`Pooling::Pooled`] also where a single prompt has all the answers.
    pub pooling: Pooling,
    /// One for each value of the sample set, in its order.
    pub values: Vec<ValueReport>,
    /// One for each target on a group of prompts.
    pub groups: Vec<GroupReport>,
    /// The proof, when out of reach.
    pub certificate: Option<CertificateReport>,
    /// On the edge or out of reach: the palette just inside.
    pub scaled_back: Option<ScaledBack>,
    /// The palette for choosing one of k drafts, where that was asked too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_drafts: Option<Drafted>,
    /// How far to trust it, where that was asked too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bootstrap: Option<Trust>,
    /// Plain sentences, e.g. of a constant column.
    pub notes: Vec<String>,
}

/// How solving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    #[serde(rename = "converged")]
    Converged,
    #[serde(rename = "proved out of reach")]
    Proved,
    #[serde(rename = "ended where floating point ends")]
    FloatingPoint,
}

/// One value's part in [`Report`]; levels in the value's own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueReport {
    pub name: String,
    /// Base mean.
    pub base: f64,
    #[serde(rename = "sd")]
    pub standard_deviation: f64,
    /// The lower bound, or the upper one where there is no lower; `None` when off.
    pub target: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub realised: Option<f64>,
    /// 95% interval of the realised level, λ taken as given: normal approximation with prompts (pooled:
    /// answers) as the sampling units.
    pub interval: Option<[f64; 2]>,
    /// Reward weight in nats per unit; `None` unless reachable, as it has no bound then.
    pub lambda: Option<f64>,
    /// Largest level that can be had with the other targets held; `None` when the others alone are out of
    /// reach.
    pub max_reachable: Option<f64>,
    /// Smallest level that can be had with the other targets held; only where the target has an upper bound.
    pub min_reachable: Option<f64>,
    /// dλ_k/dc of every value k by this value's target; `None` unless reachable.
    pub lambda_by_target: Option<Vec<f64>>,
    /// dE\[r_k\]/dc of every value k by this value's target; `None` unless reachable.
    pub level_by_target: Option<Vec<f64>>,
}

/// A target on a group of prompts; levels of the value over the group's answers, in its own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupReport {
    /// `VALUE@GROUP`.
    pub name: String,
    /// Name of the value.
    pub value: String,
    pub group: String,
    /// Base mean.
    pub base: f64,
    /// Of all answers, before anything is chosen.
    pub share: f64,
    /// As in [`ValueReport`].
    pub target: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub realised: Option<f64>,
    /// As in [`ValueReport`].
    pub lambda: Option<f64>,
}

/// A palette that is not reachable, with its levels moved toward the base until it is: λ is finite there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScaledBack {
    /// How far of the way from base to palette it goes (0..1), a little less than could be had.
    pub share: f64,
    /// Nats.
    pub kl: f64,
    pub drafts: f64,
    #[serde(rename = "ess")]
    pub effective_samples: f64,
    /// λ of each value, nats per unit.
    pub lambda: Vec<f64>,
    /// Level of each value, in its own unit.
    pub realised: Vec<f64>,
    /// 95% interval of each level, as in [`ValueReport`].
    pub interval: Vec<[f64; 2]>,
    /// Level of each target on a group, in the order of [`Report::groups`].
    pub groups: Vec<f64>,
}

/// What can be had at a finite λ: the palette where it is reachable, else the palette scaled back.
#[derive(Clone, Debug, PartialEq)]
pub struct Attained {
    /// Nats.
    pub kl: f64,
    pub drafts: f64,
    pub effective_samples: f64,
    /// One for each value.
    pub values: Vec<AttainedLevel>,
    /// The level of each target on a group.
    pub groups: Vec<f64>,
}

/// A level of a value in its own unit, with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AttainedLevel {
    pub level: f64,
    pub interval: [f64; 2],
}

impl Report {
    /// What can be had at a finite λ; `None` only of a report that lacks it.
    pub fn attained(&self) -> Option<Attained> {
        if let Some(back) = &self.scaled_back {
            let levels = back.realised.iter().zip(&back.interval);
            return Some(Attained {
                kl: back.kl,
                drafts: back.drafts,
                effective_samples: back.effective_samples,
                values: levels.map(|(level, interval)| AttainedLevel::new(*level, *interval)).collect(),
                groups: back.groups.clone(),
            });
        }
        let level = |v: &ValueReport| Some(AttainedLevel::new(v.realised?, v.interval?));
        Some(Attained {
            kl: self.kl?,
            drafts: self.drafts?,
            effective_samples: self.effective_samples?,
            values: self.values.iter().map(level).collect::<Option<_>>()?,
            groups: self.groups.iter().map(|group| group.realised).collect::<Option<_>>()?,
        })
    }
}

impl AttainedLevel {
    fn new(level: f64, interval: [f64; 2]) -> Self {
        AttainedLevel { level, interval }
    }
}

impl Composer {
    /// Solves `palette`.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set, e.g. a range that runs downward.
    pub fn solve(&mut self, palette: &Palette, pooling: Pooling) -> Result<Solved, String> {
        self.in_context(palette, pooling, |mut context| {
            let found = context.assess_anew(Ranges::All);
            let reachable = found.verdict == Verdict::Reachable;
            context.memory.start = reachable.then(|| found.solution.lambda.clone());
            let weights = context.problem.spread(found.solution.weights.clone());
            Solved { report: Report::new(&context, &found), weights }
        })
    }
}

impl Report {
    fn new(context: &SolveContext, found: &Assessment) -> Self {
        let problem = context.problem;
        let at = closest(found);
        let several = problem.group_count() > 1;
        Report {
            verdict: found.verdict,
            slack: found.slack,
            kl: at.map(|s| s.kl),
            drafts: at.map(|s| s.kl.exp()),
            effective_samples: at.map(|s| effective_samples(problem, &s.weights)),
            largest_weight: at.map(|s| largest_weight(problem, &s.weights)),
            kkt_residual: at.map(|s| s.kkt_residual),
            duality_gap: at.map(|s| s.duality_gap),
            iterations: at.unwrap_or(&found.solution).iterations,
            ending: match (found.verdict, at.map(|s| s.status)) {
                (Verdict::Unreachable, _) => Ending::Proved,
                (_, Some(Status::Converged)) => Ending::Converged,
                _ => Ending::FloatingPoint,
            },
            answers: problem.rows(),
            prompts: problem.group_count(),
            pooling: if several { Pooling::PerPrompt } else { Pooling::Pooled },
            values: values(context, found, at),
            groups: groups(context, found, at),
            certificate: found.certificate.as_ref().map(|c| CertificateReport::new(context, c)),
            scaled_back: found.scale_back.map(|share| ScaledBack::new(context, &found.solution, share)),
            with_drafts: None,
            bootstrap: None,
            notes: notes::notes(context),
        }
    }
}

fn values(context: &SolveContext, found: &Assessment, at: Option<&Solution>) -> Vec<ValueReport> {
    let problem = context.problem;
    let m = context.set.values.len();
    let bounded = (found.verdict == Verdict::Reachable).then_some(&found.solution);
    let slopes = bounded.map(|solution| sensitivity(problem, solution));
    let intervals = at.map(|s| intervals(problem, s, m));
    (0..m)
        .map(|i| ValueReport {
            name: context.column_name(i),
            base: problem.mean(i),
            standard_deviation: problem.standard_deviation(i),
            target: target(&context.bounds[i]),
            lower: context.bounds[i].lower,
            upper: context.bounds[i].upper,
            realised: at.map(|s| s.realised[i]),
            interval: intervals.as_ref().map(|intervals| intervals[i]),
            lambda: bounded.map(|solution| solution.lambda[i]),
            max_reachable: found.attainable[i].highest,
            min_reachable: found.attainable[i].lowest,
            lambda_by_target: slopes.as_ref().map(|s| (0..m).map(|k| s.lambda[[k, i]]).collect()),
            level_by_target: slopes.as_ref().map(|s| (0..m).map(|k| s.level[[k, i]]).collect()),
        })
        .collect()
}

fn groups(context: &SolveContext, found: &Assessment, at: Option<&Solution>) -> Vec<GroupReport> {
    let bounded = (found.verdict == Verdict::Reachable).then_some(&found.solution);
    let realised = at.map(|s| levels_on_groups(context, s));
    (context.subgroup_columns().iter().enumerate())
        .map(|(k, at)| {
            let subgroup = &context.resolved.subgroups[at.subgroup];
            GroupReport {
                name: context.column_name(at.column),
                value: context.column_name(subgroup.value),
                group: subgroup.group.clone(),
                base: subgroup.base,
                share: subgroup.share,
                target: target(&subgroup.bounds),
                lower: subgroup.bounds.lower,
                upper: subgroup.bounds.upper,
                realised: realised.as_ref().map(|levels| levels[k]),
                lambda: bounded.map(|solution| solution.lambda[at.column]),
            }
        })
        .collect()
}

impl ScaledBack {
    fn new(context: &SolveContext, solution: &Solution, share: f64) -> Self {
        let m = context.set.values.len();
        ScaledBack {
            share,
            kl: solution.kl,
            drafts: solution.kl.exp(),
            effective_samples: effective_samples(context.problem, &solution.weights),
            lambda: solution.lambda[..m].to_vec(),
            realised: solution.realised[..m].to_vec(),
            interval: intervals(context.problem, solution, m),
            groups: levels_on_groups(context, solution),
        }
    }
}

/// 95% intervals of the first `m` levels.
fn intervals(problem: &Problem, solution: &Solution, m: usize) -> Vec<[f64; 2]> {
    let errors = standard_errors(problem, &solution.weights);
    let interval = |(level, error): (&f64, &f64)| [level - NORMAL_95 * error, level + NORMAL_95 * error];
    solution.realised.iter().zip(&errors).take(m).map(interval).collect()
}

/// The level of every target on a group.
fn levels_on_groups(context: &SolveContext, solution: &Solution) -> Vec<f64> {
    let level = |at: &crate::subgroups::SubgroupColumn| {
        let subgroup = &context.resolved.subgroups[at.subgroup];
        context.problem.mean_over(subgroup.value, &subgroup.rows, &solution.weights)
    };
    context.subgroup_columns().iter().map(level).collect()
}
