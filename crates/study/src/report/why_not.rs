//! Why two targets cannot both be had: the proof, what they cost together up to the edge, and the answers that
//! come nearest.

use super::{ByName, CertificateReport};
use crate::Question;
use crate::compose::{Composer, SolveContext};
use map_align::{
    Assessment, Bounds, Certificate, INSIDE, Problem, Verdict, VertexPool, excluded, highest_along,
    part_of_way, share_of_way, solve,
};
use serde::{Deserialize, Serialize};

/// Two targets of a palette, and what keeps them from being met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhyNotReport {
    /// Of the whole palette.
    pub verdict: Verdict,
    /// The two that this is about.
    pub pair: [PairedTarget; 2],
    /// Every target that could be one of them, by name: a value, or `VALUE@GROUP`.
    pub targets: Vec<String>,
    /// Whether the two alone, with nothing else asked, can be had.
    pub pair_possible: bool,
    /// Where they can, and the palette cannot: the fewest other targets found that exclude them.
    pub others: Vec<String>,
    /// Whether those exclude one another without the two.
    pub others_alone: bool,
    /// The proof for the two alone, or with `others`; `None` where nothing is out of reach.
    pub proof: Option<WhyNotProof>,
    /// How far of the way from the base the targets beside the two are held in what follows: 1 as asked, less
    /// where they alone cannot be had.
    pub held: f64,
    /// The largest share of the way from the base to what is asked that the two can go together; `None` where
    /// neither asks for more than the base, or where it is beyond 150%.
    pub edge: Option<f64>,
    /// The same of all targets of the palette at once, as [`Repair::Ray`](crate::Repair) has it; `None` where
    /// it is reachable.
    pub edge_of_all: Option<f64>,
    /// What the two cost together, from the base to just before the edge.
    pub prices: Vec<PriceOnTheWay>,
    /// Answers that meet both targets by themselves, of those that take part.
    pub answers_meeting_both: usize,
    pub answers: usize,
    /// The answers that lie highest along the proof's direction, the highest first.
    pub nearest: Vec<NearAnswer>,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// One of the two targets; levels in the value's own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairedTarget {
    /// The value, or `VALUE@GROUP`.
    pub name: String,
    pub value: String,
    pub group: Option<String>,
    /// Base mean, on the group where it is about one.
    pub base: f64,
    #[serde(rename = "sd")]
    pub standard_deviation: f64,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
}

/// A direction along which the targets ask for more than even the best answers give.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhyNotProof {
    /// d per unit of each column that takes part, Σ|d| = 1; as in [`CertificateReport`].
    pub direction: ByName,
    /// d·c, for the levels c that are asked.
    pub asked: f64,
    /// The most that d·r is over all mixes of answers: Σ_g π_g max_j d·r_gj. Less than `asked`.
    pub best: f64,
    /// d·(c − base) and the most of d·(r − base), in standard deviations.
    pub asked_sd: f64,
    pub best_sd: f64,
}

/// What it costs to go part of the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceOnTheWay {
    /// Of the way from the base to what is asked.
    pub share: f64,
    /// Levels of the two that are asked there: the lower end of a range.
    pub levels: [f64; 2],
    /// Nats, and e^KL.
    pub kl: f64,
    pub drafts: f64,
    /// λ of the two, nats per unit.
    pub lambda: [f64; 2],
}

/// An answer that comes near.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NearAnswer {
    /// Row of the table and its prompt, counted from 0.
    pub answer: usize,
    pub prompt: usize,
    /// d·(r − base), in standard deviations.
    pub along_sd: f64,
    /// Its reward for each value that the proof is about.
    pub rewards: ByName,
    /// Whether it meets each of the two targets by itself; `None` where it is not of the target's group.
    pub meets: [Option<bool>; 2],
}

/// Everything that the report needs, so that its prices can be worked out in steps.
pub struct WhyNotStudy {
    problem: Problem,
    /// With the targets beside the two as they are held.
    held: Vec<Bounds>,
    pair: [usize; 2],
    /// Shares of the way whose price is still to be found, the next one last.
    left: Vec<f64>,
    start: Option<Vec<f64>>,
    report: WhyNotReport,
}

/// The way is followed no further than this.
const FURTHEST: f64 = 1.5;
/// Where on the way to the edge a price is told: closer where it grows faster.
const STEPS: [f64; 15] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.975, 0.99, 0.999];
const NEAREST: usize = 5;
/// Shares of a way this near to one are one.
const WHOLE: f64 = 1.0 - 1e-9;

impl Composer {
    /// Prepares the report on two targets of `question`, by name (a value, or `VALUE@GROUP`); without names the
    /// two that weigh most in the proof.
    ///
    /// # Errors
    /// A sentence when the palette has not two targets, a name is not one of them, and when the palette makes no
    /// sense on this set.
    pub fn why_not(
        &mut self,
        question: &Question,
        pair: Option<&[String; 2]>,
    ) -> Result<WhyNotStudy, String> {
        self.in_context(&question.palette, question.pooling, |mut context| {
            let found = context.assessment();
            let targets = targets(&context);
            let pair = match pair {
                Some(names) => named(&context, &targets, names)?,
                None => heaviest(&context, &targets, &found)?,
            };
            Ok(study(&mut context, &found, &targets, pair))
        })?
    }
}

/// The columns that have targets.
fn targets(context: &SolveContext) -> Vec<usize> {
    let has_target = |i: &usize| !context.bounds[*i].is_off() && context.place_of(*i).is_some();
    (0..context.bounds.len()).filter(has_target).collect()
}

fn named(context: &SolveContext, targets: &[usize], names: &[String; 2]) -> Result<[usize; 2], String> {
    let column = |name: &String| {
        targets.iter().copied().find(|i| context.column_name(*i) == *name).ok_or_else(|| {
            let has: Vec<String> = targets.iter().map(|i| context.column_name(*i)).collect();
            format!(
                "{name} has no target in this palette{}. Choose two of its targets.",
                if has.is_empty() { String::new() } else { format!(", which has {}", has.join(", ")) }
            )
        })
    };
    let pair = [column(&names[0])?, column(&names[1])?];
    if pair[0] == pair[1] {
        return Err(format!("{} is one target. Choose another beside it.", names[0]));
    }
    Ok(pair)
}

/// The two targets that weigh most: in the proof where there is one, else in the solution; what weighs alike by
/// how much it asks for.
fn heaviest(context: &SolveContext, targets: &[usize], found: &Assessment) -> Result<[usize; 2], String> {
    let sd = |i: usize| context.problem.standard_deviation(i);
    let weight = |i: usize| match &found.certificate {
        Some(proof) => proof.direction[i].abs(),
        None => (found.solution.lambda[i] * sd(i)).abs(),
    };
    let asks = |i: usize| {
        let base = context.problem.mean(i);
        let Bounds { lower, upper } = context.bounds[i];
        let way = lower.map(|c| c - base).into_iter().chain(upper.map(|c| base - c)).fold(0.0, f64::max);
        if sd(i) > 0.0 { way / sd(i) } else { way }
    };
    let mut by_weight = targets.to_vec();
    by_weight.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)).then(asks(*b).total_cmp(&asks(*a))));
    match by_weight.as_slice() {
        [a, b, ..] => Ok([*a.min(b), *a.max(b)]),
        few => Err(format!(
            "Two targets can stand against each other, and this palette has {}. Set another.",
            if few.is_empty() { "none" } else { "one" }
        )),
    }
}

/// `bounds` of some columns alone, with those that belong to the problem.
fn only(context: &SolveContext, columns: &[usize]) -> Vec<Bounds> {
    let keeps = |i: usize| columns.contains(&i) || context.place_of(i).is_none();
    let bound = |(i, bounds): (usize, &Bounds)| if keeps(i) { *bounds } else { Bounds::OFF };
    context.bounds.iter().enumerate().map(bound).collect()
}

/// The fewest targets beside `pair` that were found to exclude it: of those in the proof, one after another is
/// left out unless the rest can then be had.
fn excluding(
    context: &SolveContext,
    pool: &mut VertexPool,
    targets: &[usize],
    pair: [usize; 2],
    whole: &Certificate,
) -> Vec<usize> {
    let weighs = |i: &usize| !pair.contains(i) && whole.direction[*i] != 0.0;
    let mut kept: Vec<usize> = targets.iter().copied().filter(weighs).collect();
    let with_pair = |kept: &[usize]| only(context, &[kept, &pair].concat());
    if excluded(context.problem, pool, &with_pair(&kept)).is_none() {
        return Vec::new();
    }
    let mut lightest = kept.clone();
    lightest.sort_by(|a, b| whole.direction[*a].abs().total_cmp(&whole.direction[*b].abs()));
    for i in lightest {
        let without: Vec<usize> = kept.iter().copied().filter(|other| *other != i).collect();
        if excluded(context.problem, pool, &with_pair(&without)).is_some() {
            kept = without;
        }
    }
    kept
}

fn study(context: &mut SolveContext, found: &Assessment, targets: &[usize], pair: [usize; 2]) -> WhyNotStudy {
    let mut pool = std::mem::take(&mut context.memory.pool);
    let problem = context.problem;
    let of_pair = excluded(problem, &mut pool, &only(context, &pair));
    let pair_possible = of_pair.is_none();
    let others = match &found.certificate {
        Some(whole) if pair_possible => excluding(context, &mut pool, targets, pair, whole),
        _ => Vec::new(),
    };
    let others_alone = !others.is_empty() && excluded(problem, &mut pool, &only(context, &others)).is_some();
    let certificate = of_pair.or_else(|| {
        let proof = excluded(problem, &mut pool, &only(context, &[&others[..], &pair].concat()));
        proof.or_else(|| found.certificate.clone())
    });

    let rest: Vec<usize> = targets.iter().copied().filter(|i| !pair.contains(i)).collect();
    let (held_share, held) = held(context, &mut pool, pair, &rest);
    let raised = pair.iter().any(|i| asks_beyond_base(problem, *i, context.bounds[*i]));
    let way = if raised { share_of_way(problem, &mut pool, &held, &pair, FURTHEST) } else { None };
    let edge = way.filter(|share| *share < FURTHEST);
    context.memory.pool = pool;

    let (meeting, answers) = meeting_both(context, pair);
    let direction = certificate.as_ref().map(|proof| proof.direction.clone());
    let report = WhyNotReport {
        verdict: found.verdict,
        pair: pair.map(|i| paired(context, i)),
        targets: targets.iter().map(|i| context.column_name(*i)).collect(),
        pair_possible,
        others: others.iter().map(|i| context.column_name(*i)).collect(),
        others_alone,
        proof: certificate.map(|certificate| proof(context, &certificate)),
        held: held_share,
        edge,
        edge_of_all: found.scale_back.map(|inside| inside / INSIDE),
        prices: Vec::new(),
        answers_meeting_both: meeting,
        answers,
        nearest: direction.map(|d| nearest(context, &d, pair)).unwrap_or_default(),
        notes: Vec::new(),
    };
    // Where nothing ends the way, the price up to what is asked, and half as much again.
    let left = way.map_or(Vec::new(), |to| STEPS.iter().rev().map(|step| step * to).collect());
    WhyNotStudy { problem: problem.clone(), held, pair, left, start: None, report }
}

/// How far the targets beside the pair can be held with the pair at the base, and all bounds so.
fn held(
    context: &SolveContext,
    pool: &mut VertexPool,
    pair: [usize; 2],
    rest: &[usize],
) -> (f64, Vec<Bounds>) {
    let problem = context.problem;
    // What never varies is what it is, whatever is asked of it.
    let varies = |i: usize| problem.standard_deviation(i) > 0.0;
    let mut bounds = context.bounds.to_vec();
    rest.iter().filter(|i| !varies(**i)).for_each(|i| bounds[*i] = Bounds::OFF);
    let moving: Vec<usize> = rest.iter().copied().filter(|i| varies(*i)).collect();
    let at_base = part_of_way(problem, &bounds, &pair, 0.0);
    let share = share_of_way(problem, pool, &at_base, &moving, 1.0).unwrap_or(0.0);
    // At the limit itself nothing is left for the pair to be raised with.
    let share = if share >= WHOLE { 1.0 } else { share * INSIDE };
    (share, part_of_way(problem, &bounds, &moving, share))
}

fn asks_beyond_base(problem: &Problem, i: usize, bounds: Bounds) -> bool {
    let (base, least) = (problem.mean(i), 1e-9 * problem.standard_deviation(i));
    bounds.lower.is_some_and(|c| c > base + least) || bounds.upper.is_some_and(|c| c < base - least)
}

fn paired(context: &SolveContext, i: usize) -> PairedTarget {
    let (value, group) = context.place_of(i).unwrap_or((i, None));
    PairedTarget {
        name: context.column_name(i),
        value: context.set.values[value].name.clone(),
        group,
        base: context.problem.mean(i),
        standard_deviation: context.problem.standard_deviation(i),
        lower: context.bounds[i].lower,
        upper: context.bounds[i].upper,
    }
}

fn proof(context: &SolveContext, certificate: &Certificate) -> WhyNotProof {
    let CertificateReport { direction, margin, asked: asked_sd, best: best_sd, .. } =
        CertificateReport::new(context, certificate);
    let level = |i: usize, d: f64| {
        let Bounds { lower, upper } = context.bounds[i];
        if d > 0.0 { lower.or(upper) } else { upper.or(lower) }
    };
    let taking_part: Vec<(String, f64)> =
        direction.iter().filter(|(_, d)| *d != 0.0).map(|(name, d)| (name.to_owned(), d)).collect();
    let asked = (0..context.bounds.len())
        .filter_map(|i| {
            let d = taking_part.iter().find(|(name, _)| *name == context.column_name(i))?.1;
            Some(d * level(i, d)?)
        })
        .sum::<f64>();
    WhyNotProof {
        direction: taking_part.into_iter().collect(),
        asked,
        best: asked - margin,
        asked_sd,
        best_sd,
    }
}

/// Whether an answer meets the target of column `i` by itself; `None` where it is not of its group.
fn meets(context: &SolveContext, i: usize, answer: usize) -> Option<bool> {
    let (value, group) = context.place_of(i)?;
    let answer = &context.set.answers[answer];
    if group.is_some_and(|group| group != answer.group) {
        return None;
    }
    let (reward, Bounds { lower, upper }) = (answer.rewards[value], context.bounds[i]);
    Some(lower.is_none_or(|c| reward >= c) && upper.is_none_or(|c| reward <= c))
}

/// Answers that meet both targets, and answers that take part.
fn meeting_both(context: &SolveContext, pair: [usize; 2]) -> (usize, usize) {
    let shares = context.problem.table_shares();
    let taking_part = || (0..shares.len()).filter(|j| shares[*j] > 0.0);
    let both = |j: &usize| pair.iter().all(|i| meets(context, *i, *j) == Some(true));
    (taking_part().filter(both).count(), taking_part().count())
}

fn nearest(context: &SolveContext, direction: &[f64], pair: [usize; 2]) -> Vec<NearAnswer> {
    let mut values: Vec<usize> = (0..direction.len())
        .filter(|i| direction[*i] != 0.0 || pair.contains(i))
        .filter_map(|i| context.place_of(i).map(|(value, _)| value))
        .collect();
    values.sort_unstable();
    values.dedup();
    let near = |(answer, along_sd): (usize, f64)| {
        let of = &context.set.answers[answer];
        let reward = |i: &usize| (context.set.values[*i].name.clone(), of.rewards[*i]);
        NearAnswer {
            answer,
            prompt: of.prompt,
            along_sd,
            rewards: values.iter().map(reward).collect(),
            meets: pair.map(|i| meets(context, i, answer)),
        }
    };
    highest_along(context.problem, direction, NEAREST).into_iter().map(near).collect()
}

impl WhyNotStudy {
    /// Finds one more price; `false` when all are there.
    pub fn step(&mut self) -> bool {
        let Some(share) = self.left.pop() else { return false };
        let bounds = part_of_way(&self.problem, &self.held, &self.pair, share);
        let found = solve(&self.problem, &bounds, self.start.as_deref());
        if found.converged() {
            self.report.prices.push(PriceOnTheWay {
                share,
                levels: self.pair.map(|i| super::target(&bounds[i]).unwrap_or(self.problem.mean(i))),
                kl: found.kl,
                drafts: found.kl.exp(),
                lambda: self.pair.map(|i| found.lambda[i]),
            });
            self.start = Some(found.lambda);
        }
        true
    }

    /// What was found, all prices there are.
    pub fn finish(mut self) -> WhyNotReport {
        while self.step() {}
        self.report
    }
}
