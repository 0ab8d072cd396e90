//! How far the assessment of a palette would move with other prompts: bootstrap by prompt.

use super::assess::{Verdict, judge};
use super::bounds::{Bounds, Constraints};
use super::primal;
use super::problem::Problem;
use super::resample::Units;
use super::simplex::VertexPool;
use super::solver::{Solution, solve_constraints};

/// Verdicts and intervals over resamples of the prompts with replacement (Efron and Tibshirani 1993).
#[derive(Clone, Debug, PartialEq)]
pub struct Bootstrap {
    /// Number of resamples made.
    pub resamples: usize,
    /// Number of them on which the palette is reachable.
    pub reachable: usize,
    /// Number of them on which it is on the edge.
    pub edge: usize,
    /// Number of them on which it is proved out of reach.
    pub unreachable: usize,
    /// Percentile interval \[low, high\] of λ, one per column, in nats per unit, over the resamples on which the
    /// palette is reachable; `None` with fewer than 20 of them.
    pub lambda: Option<Vec<[f64; 2]>>,
    /// Percentile interval of the level that the given λ realises, one per column, in own units, over all
    /// resamples; `None` with fewer than 20.
    pub realised: Option<Vec<[f64; 2]>>,
}

impl Bootstrap {
    /// Share of the resamples on which the palette is reachable; 0 without any.
    pub fn probability_reachable(&self) -> f64 {
        self.reachable as f64 / self.resamples.max(1) as f64
    }
}

/// Resamples needed for an interval.
const ENOUGH: usize = 20;

/// Outside at either end of a 95% interval.
pub(super) const TAIL: f64 = 0.025;

/// A [`bootstrap`] at work: one resample a step, so that a caller can show progress or end it early.
pub struct Bootstrapping<'a> {
    problem: &'a Problem,
    units: &'a Units,
    bounds: &'a [Bounds],
    solution: &'a Solution,
    seed: u64,
    tail: f64,
    made: usize,
    counts: [usize; 3],
    lambdas: Vec<Vec<f64>>,
    levels: Vec<Vec<f64>>,
}

impl<'a> Bootstrapping<'a> {
    /// Bootstraps `bounds` (one per column, own units, held fixed) over `units`. `solution` is that of the
    /// whole problem: its λ is judged for the realised levels and starts every solve.
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
            tail: TAIL,
            made: 0,
            counts: [0; 3],
            lambdas: empty.clone(),
            levels: empty,
        }
    }

    /// Makes one more resample. Which prompts it holds depends on the seed and its number alone.
    pub fn step(&mut self) {
        let Some(resample) = self.units.counted(self.problem, &self.units.draw(self.seed, self.made as u64))
        else {
            return;
        };
        self.made += 1;
        let w = primal::weights(&resample, &self.solution.standardised);
        for (i, z) in primal::levels(&resample, &w).into_iter().enumerate() {
            self.levels[i].push(self.problem.level(i, z));
        }
        let (verdict, found) = verdict_on(&resample, self.bounds, Some(&self.solution.standardised));
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

    /// Leaves the share `tail` of the resamples outside at either end of an interval, in place of 0.025: few units
    /// spread less than what they were drawn from, and intervals over them want a wider one.
    #[must_use]
    pub fn with_tail(self, tail: f64) -> Self {
        Bootstrapping { tail, ..self }
    }

    /// Sums up the resamples so far.
    pub fn finish(self) -> Bootstrap {
        let intervals = |draws: Vec<Vec<f64>>| -> Option<Vec<[f64; 2]>> {
            draws
                .into_iter()
                .map(|draws| (draws.len() >= ENOUGH).then(|| percentile_interval(draws, self.tail)))
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

/// Resamples the prompts `resamples` times with replacement and assesses `bounds` (one per column, own units,
/// held fixed) on each. `solution` is that of the whole problem. The same `seed` gives the same resamples.
///
/// ```
/// use map_align::{Bounds, Problem, Units, bootstrap, solve};
/// use ndarray::Array2;
///
/// // 50 prompts with four answers each, two values.
/// let rewards = Array2::from_shape_fn((200, 2), |(j, i)| ((j * (i + 3)) as f64 * 0.7).sin());
/// let problem = Problem::new(rewards, &[4; 50])?;
/// let bounds = [Bounds::at_least(0.3), Bounds::OFF];
/// let solution = solve(&problem, &bounds, None);
/// let units = Units::new(&problem, None);
/// let found = bootstrap(&problem, &units, &bounds, &solution, 100, 7);
/// assert_eq!(found.probability_reachable(), 1.0);
/// let [low, high] = found.lambda.unwrap()[0];
/// assert!(low < solution.lambda[0] && solution.lambda[0] < high);
/// # Ok::<(), map_align::ProblemError>(())
/// ```
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
pub(super) fn verdict_on(
    resample: &Problem,
    bounds: &[Bounds],
    start: Option<&[f64]>,
) -> (Verdict, Option<Solution>) {
    let constraints = Constraints::new(resample, bounds);
    if constraints.stuck.is_none() {
        let tried = solve_constraints(resample, &constraints, start, 0.0);
        if tried.converged() {
            return (Verdict::Reachable, Some(tried));
        }
    }
    let judged = judge(resample, &mut VertexPool::default(), &constraints, None);
    (judged.verdict, judged.solution)
}

/// The interval that leaves the share `tail` of what the draws come from outside at either end. The i-th smallest of
/// B draws stands for the share i/(B+1): counted from B−1 instead, intervals over few draws come out too narrow.
pub(super) fn percentile_interval(mut draws: Vec<f64>, tail: f64) -> [f64; 2] {
    draws.sort_by(f64::total_cmp);
    let last = draws.len() - 1;
    [tail, 1.0 - tail].map(|q| {
        let at = (q * (draws.len() + 1) as f64 - 1.0).clamp(0.0, last as f64);
        let low = at.floor() as usize;
        draws[low] + (at - low as f64) * (draws[(low + 1).min(last)] - draws[low])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stand_for_the_shares_that_they_split_a_population_into() {
        // 39 draws: the first and the last leave one in 40 outside.
        let draws: Vec<f64> = (1..=39).rev().map(f64::from).collect();
        assert_eq!(percentile_interval(draws.clone(), 0.025), [1.0, 39.0]);
        assert_eq!(percentile_interval(draws.clone(), 0.05), [2.0, 38.0]);
        let [low, high] = percentile_interval(draws.clone(), 0.03125);
        assert!((low - 1.25).abs() < 1e-12 && (high - 38.75).abs() < 1e-12);
        // Nothing is said beyond what was drawn.
        assert_eq!(percentile_interval(draws, 1e-9), [1.0, 39.0]);
    }
}
