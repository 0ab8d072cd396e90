//! Aligning to one value after another, and how near that comes to aligning to all at once.

use super::ascent::Ascent;
use super::bounds::{Bounds, Constraints};
use super::primal;
use super::problem::Problem;
use super::solver::Solution;
use std::cell::Cell;

/// How the multiplier of one value is chosen while the others are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The best total λ_i ≥ 0, larger or smaller than before: cyclic coordinate ascent, which converges to
    /// the joint solution.
    Total,
    /// The wording of MAP's Theorem 5 (arXiv 2410.19198): a fresh multiplier ≥ 0 on top of the model so far.
    /// An overshoot of one value is never given back, so it stalls short of the joint solution.
    Fresh,
}

/// Where one round over all values ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// λ, one entry per column, in nats per unit.
    pub lambda: Vec<f64>,
    /// ‖λ − λ*‖ per standard deviation, λ* the joint solution.
    pub distance: f64,
    /// g(λ*) − g(λ), nats: what the dual still lacks.
    pub gap: f64,
    /// KL divergence to the base, nats.
    pub kl: f64,
    /// The largest shortfall from a bound, in standard deviations.
    pub shortfall: f64,
}

/// Runs `rounds` rounds over the bounds (one per column, own units) in order, from λ = 0; one entry per
/// round. `joint` is the joint solution, which they are measured against.
///
/// ```
/// use map_align::{Bounds, Problem, Step, sequential, solve};
/// use ndarray::array;
///
/// let rewards = array![[0.0, 1.0], [1.0, 0.0], [0.5, 0.8], [0.2, 0.1]];
/// let problem = Problem::new(rewards, &[4])?;
/// let bounds = [Bounds::at_least(0.5), Bounds::at_least(0.5)];
/// let joint = solve(&problem, &bounds, None);
/// let path = sequential(&problem, &bounds, &joint, 40, Step::Total);
/// assert!(path[39].distance < 1e-6 && path[39].distance < path[0].distance);
/// # Ok::<(), map_align::ProblemError>(())
/// ```
pub fn sequential(
    problem: &Problem,
    bounds: &[Bounds],
    joint: &Solution,
    rounds: usize,
    step: Step,
) -> Vec<Round> {
    let constraints = Constraints::new(problem, bounds);
    let ascent = Ascent {
        problem,
        constraints: &constraints,
        ridge: 0.0,
        limit: f64::INFINITY,
        passes: Cell::default(),
    };
    let mut mu = vec![0.0; constraints.all.len()];
    let everything = ascent.everything();
    let best = constraints.multipliers(&joint.standardised);
    let optimum = ascent.value(&best, ascent.locate(&best, &everything, None, false).log_partition);
    let mut path = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        for p in 0..constraints.all.len() {
            let floor = match step {
                _ if constraints.all[p].equality => f64::NEG_INFINITY,
                Step::Total => 0.0,
                Step::Fresh => mu[p],
            };
            climb(&ascent, &mut mu, p, floor);
        }
        let at = ascent.locate(&mu, &everything, None, false);
        let lambda = constraints.lambda(&mu, problem.values());
        let weights = primal::weights(problem, &lambda);
        let shortfall = constraints.all.iter().map(|c| {
            let gap = c.target - c.sign * at.levels[ascent.place(c)];
            if c.equality { gap.abs() } else { gap.max(0.0) }
        });
        path.push(Round {
            distance: lambda
                .iter()
                .zip(&joint.standardised)
                .map(|(a, b)| (a - b).powi(2))
                .sum::<f64>()
                .sqrt(),
            gap: optimum - ascent.value(&mu, at.log_partition),
            kl: primal::kl(problem, &weights),
            shortfall: shortfall.fold(0.0, f64::max),
            lambda: lambda
                .iter()
                .enumerate()
                .map(|(i, l)| if *l == 0.0 { 0.0 } else { l / problem.standard_deviation(i) })
                .collect(),
        });
    }
    path
}

/// Maximises g over the multiplier `p` alone, not below `floor`, by Newton's method kept within a shrinking
/// bracket.
fn climb(ascent: &Ascent, mu: &mut [f64], p: usize, floor: f64) {
    let constraint = ascent.constraints.all[p];
    let (place, everything) = (ascent.place(&constraint), ascent.everything());
    let (mut low, mut high) = (floor, f64::INFINITY);
    for _ in 0..80 {
        let at = ascent.locate(mu, &everything, None, false);
        let slope = constraint.target - constraint.sign * at.levels[place];
        if slope.abs() < 1e-14 || (mu[p] <= floor && slope <= 0.0) {
            return;
        }
        if slope > 0.0 {
            low = mu[p];
        } else {
            high = mu[p];
        }
        let curvature = at.covariance[[place, place]];
        let newton = mu[p] + slope / curvature.max(1e-300);
        let within = |x: f64| x > low && x < high;
        let next = if newton <= floor && low == floor {
            floor
        } else if within(newton) && newton.abs() < 1e9 {
            newton
        } else if low.is_finite() && high.is_finite() {
            0.5 * (low + high)
        } else if slope > 0.0 {
            2.0 * mu[p].abs() + 1.0
        } else {
            -2.0 * mu[p].abs() - 1.0
        };
        // No bound on λ, or none within floating point.
        if next.abs() > 1e12 || next == mu[p] {
            return;
        }
        mu[p] = next;
    }
}
