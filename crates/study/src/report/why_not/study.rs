//! How the report on two targets is made.

use super::answers::{meeting_both, nearest};
use super::conflict::{excluding, heaviest, named, only, targets};
use super::{PairedTarget, PriceOnTheWay, WhyNotProof, WhyNotReport};
use crate::Question;
use crate::compose::{Composer, SolveContext};
use crate::report::{CertificateReport, target};
use map_align::{
    Assessment, Bounds, Certificate, INSIDE, Problem, VertexPool, excluded, part_of_way, share_of_way, solve,
};

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

impl WhyNotStudy {
    /// Finds one more price; `false` when all are there.
    pub fn step(&mut self) -> bool {
        let Some(share) = self.left.pop() else { return false };
        let bounds = part_of_way(&self.problem, &self.held, &self.pair, share);
        let found = solve(&self.problem, &bounds, self.start.as_deref());
        if found.converged() {
            self.report.prices.push(PriceOnTheWay {
                share,
                levels: self.pair.map(|i| target(&bounds[i]).unwrap_or(self.problem.mean(i))),
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
