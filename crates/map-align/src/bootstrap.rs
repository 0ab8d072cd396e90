//! How far the answer to a palette would move with other prompts: bootstrap by prompt, and levels on prompts
//! that λ was not solved on.

use super::assess::{Verdict, judge};
use super::bounds::{Bounds, Constraints};
use super::primal;
use super::problem::Problem;
use super::resample::Units;
use super::simplex::VertexPool;
use super::solver::{Solution, solve_constraints};

/// What resampling the prompts with replacement says (Efron and Tibshirani 1993).
#[derive(Clone, Debug, PartialEq)]
pub struct Bootstrap {
    pub resamples: usize,
    /// Number of resamples on which the palette is reachable, on the edge, and proved out of reach.
    pub reachable: usize,
    pub edge: usize,
    pub unreachable: usize,
    /// 95% percentile interval of λ in nats per unit, over the resamples on which the palette is reachable;
    /// `None` with fewer than 20 of them.
    pub lambda: Option<Vec<[f64; 2]>>,
    /// 95% percentile interval of the level that the given λ realises, in own units, over all resamples;
    /// `None` with fewer than 20.
    pub realised: Option<Vec<[f64; 2]>>,
}

impl Bootstrap {
    /// Share of the resamples on which the palette is reachable.
    pub fn probability_reachable(&self) -> f64 {
        self.reachable as f64 / self.resamples.max(1) as f64
    }
}

/// Resamples needed for an interval.
const ENOUGH: usize = 20;

/// A bootstrap at work: one resample a step, so that it can be stopped.
pub struct Bootstrapping<'a> {
    problem: &'a Problem,
    units: &'a Units,
    bounds: &'a [Bounds],
    solution: &'a Solution,
    seed: u64,
    made: usize,
    counts: [usize; 3],
    lambdas: Vec<Vec<f64>>,
    levels: Vec<Vec<f64>>,
}

impl<'a> Bootstrapping<'a> {
    /// Bootstraps `bounds` (levels held fixed) over the prompts. `solution` is that of the whole problem: its
    /// λ is judged for the realised levels and starts every solve.
    pub fn new(
        problem: &'a Problem,
        units: &'a Units,
        bounds: &'a [Bounds],
        solution: &'a Solution,
        seed: u64,
    ) -> Self {
        let m = problem.values();
        let empty = vec![Vec::new(); m];
        Bootstrapping {
            problem,
            units,
            bounds,
            solution,
            seed,
            made: 0,
            counts: [0; 3],
            lambdas: empty.clone(),
            levels: empty,
        }
    }

    /// Makes one more resample. Which prompts it holds depends on the seed and its number alone.
    pub fn step(&mut self) {
        let Some(part) = self.units.counted(self.problem, &self.units.draw(self.seed, self.made as u64))
        else {
            return;
        };
        self.made += 1;
        let w = primal::weights(&part, &self.solution.standardised);
        for (i, z) in primal::levels(&part, &w).into_iter().enumerate() {
            self.levels[i].push(self.problem.level(i, z));
        }
        let (verdict, found) = verdict_on(&part, self.bounds, Some(&self.solution.standardised));
        self.counts[match verdict {
            Verdict::Reachable => 0,
            Verdict::Edge => 1,
            Verdict::Unreachable => 2,
        }] += 1;
        if let (Verdict::Reachable, Some(found)) = (verdict, found) {
            for (i, l) in found.lambda.into_iter().enumerate() {
                self.lambdas[i].push(l);
            }
        }
    }

    /// What the resamples so far say.
    pub fn finish(self) -> Bootstrap {
        let intervals = |draws: Vec<Vec<f64>>| -> Option<Vec<[f64; 2]>> {
            draws
                .into_iter()
                .map(|draws| (draws.len() >= ENOUGH).then(|| percentile_interval(draws)))
                .collect()
        };
        let [reachable, edge, unreachable] = self.counts;
        Bootstrap {
            resamples: self.made,
            reachable,
            edge,
            unreachable,
            lambda: intervals(self.lambdas),
            realised: intervals(self.levels),
        }
    }
}

/// [`Bootstrapping`] in one call.
pub fn bootstrap(
    problem: &Problem,
    units: &Units,
    bounds: &[Bounds],
    solution: &Solution,
    resamples: usize,
    seed: u64,
) -> Bootstrap {
    let mut work = Bootstrapping::new(problem, units, bounds, solution, seed);
    (0..resamples).for_each(|_| work.step());
    work.finish()
}

/// The verdict on a resample: weights that meet every bound settle it, else the linear program does.
fn verdict_on(part: &Problem, bounds: &[Bounds], start: Option<&[f64]>) -> (Verdict, Option<Solution>) {
    let constraints = Constraints::new(part, bounds);
    if constraints.stuck.is_none() {
        let tried = solve_constraints(part, &constraints, start, 0.0);
        if tried.converged() {
            return (Verdict::Reachable, Some(tried));
        }
    }
    let judged = judge(part, &mut VertexPool::default(), &constraints, None);
    (judged.verdict, judged.solution)
}

fn percentile_interval(mut draws: Vec<f64>) -> [f64; 2] {
    draws.sort_by(f64::total_cmp);
    [0.025, 0.975].map(|q| {
        let at = q * (draws.len() - 1) as f64;
        let low = at.floor() as usize;
        let high = (low + 1).min(draws.len() - 1);
        draws[low] + (at - low as f64) * (draws[high] - draws[low])
    })
}

/// Levels on prompts that λ was not solved on.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldOut {
    pub folds: usize,
    /// Folds whose other prompts alone do not reach the palette: no λ comes from them.
    pub failed: usize,
    /// Mean over the folds of the level realised on the fold by the λ of all other prompts, in own units,
    /// folds weighing as their prompts do; `None` when any fold failed.
    pub levels: Option<Vec<f64>>,
}

/// Cross-fits `bounds`: the prompts are dealt into `folds` (at least 2) by `seed`, λ is solved on all but one
/// fold and judged on that one.
pub fn held_out(
    problem: &Problem,
    units: &Units,
    bounds: &[Bounds],
    start: Option<&Solution>,
    folds: usize,
    seed: u64,
) -> HeldOut {
    let fold_of = units.folds(folds, seed);
    let mut totals = vec![0.0; problem.values()];
    let (mut failed, mut weight, mut used) = (0, 0.0, 0);
    for fold in 0..folds {
        let counts = |inside: bool| -> Vec<usize> {
            fold_of.iter().map(|f| usize::from((*f == fold) == inside)).collect()
        };
        let (Some(train), Some(test)) =
            (units.counted(problem, &counts(false)), units.counted(problem, &counts(true)))
        else {
            continue;
        };
        used += 1;
        let (verdict, solution) = verdict_on(&train, bounds, start.map(|s| s.standardised.as_slice()));
        match (verdict, solution) {
            (Verdict::Reachable, Some(solution)) => {
                let share = fold_of.iter().filter(|f| **f == fold).count() as f64;
                let w = primal::weights(&test, &solution.standardised);
                for (total, z) in totals.iter_mut().zip(primal::levels(&test, &w)) {
                    *total += share * z;
                }
                weight += share;
            }
            _ => failed += 1,
        }
    }
    let levels = (failed == 0 && used >= 2)
        .then(|| totals.iter().enumerate().map(|(i, t)| problem.level(i, t / weight)).collect());
    HeldOut { folds: used, failed, levels }
}
