//! The solution of a palette: λ, the weights of the answers, what they realise and what it costs.

use super::ascent::{Ascent, Status, TOLERANCE};
use super::bounds::{Bounds, Constraints};
use super::collinear;
use super::linalg::is_well_conditioned;
use super::primal;
use super::problem::Problem;
use std::cell::Cell;

/// The weighting that meets the bounds at the least KL divergence, or the best that was found.
#[derive(Clone, Debug)]
pub struct Solution {
    /// λ, one entry per column, in nats per unit: the price ∂KL/∂c of a bound. ≥ 0 for a lower bound, ≤ 0 for
    /// an upper one, exactly 0 where a bound is idle.
    pub lambda: Vec<f64>,
    /// Realised levels E_w r, one per column, in own units.
    pub realised: Vec<f64>,
    /// Probability of each answer, one entry per row that takes part, summing to 1 in each group; see
    /// [`Problem::spread`] for the rows of the whole table.
    pub weights: Vec<f64>,
    /// KL divergence Σ_g π_g KL(w_g ‖ q_g) to the base, nats.
    pub kl: f64,
    /// Largest violation of the optimality conditions, in standard deviations: the distance from the bound
    /// where λ ≠ 0, the shortfall where λ = 0.
    pub kkt_residual: f64,
    /// KL of the weights less g(λ), nats: 0 at the optimum.
    pub duality_gap: f64,
    /// Newton steps made.
    pub iterations: usize,
    /// Passes over the rows that these steps took, the start on fewer rows aside.
    pub passes: usize,
    /// Why the solver ended.
    pub status: Status,
    /// λ per standard deviation.
    pub(super) standardised: Vec<f64>,
}

/// Problems with more rows than this are first solved on fewer, to start near the solution.
const LARGE: usize = 20_000;
/// About how many rows that first solve has.
const THINNED: usize = 4096;
/// A share of variance of its own that tells a column from a combination of others without a closer look.
const CLEAR: f64 = 1e-9;

impl Solution {
    /// Whether the bounds are met, within [`TOLERANCE`].
    pub fn converged(&self) -> bool {
        self.status == Status::Converged
    }
}

/// Solves min over w of Σ_g π_g KL(w_g ‖ q_g) subject to `bounds` on E_w r (one per column, own units), by an
/// active-set Newton method on the dual (MAP, arXiv 2410.19198). `start` is a λ (nats per unit, one entry per
/// column) near the solution, if one is known.
///
/// Always ends: at the optimum, when the dual exceeds what any weighting can have (out of reach), where
/// floating point ends, or after [`MOST_ITERATIONS`](crate::MOST_ITERATIONS) steps; [`Solution::status`] says
/// which. Only [`assess`](crate::assess()) proves a palette out of reach. Where columns are collinear the λ
/// of least norm (per standard deviation) is given.
///
/// # Panics
/// When there are more bounds than columns.
///
/// ```
/// use map_align::{Bounds, Problem, solve};
/// use ndarray::array;
///
/// // One prompt, two answers worth 0 and 1, both as likely; the mean is to rise from 1/2 to 3/4.
/// let problem = Problem::new(array![[0.0], [1.0]], &[2])?;
/// let solution = solve(&problem, &[Bounds::at_least(0.75)], None);
/// assert!(solution.converged());
/// // w = e^λ / (1 + e^λ) = 3/4 at λ = ln 3.
/// assert!((solution.lambda[0] - 3f64.ln()).abs() < 1e-9);
/// assert!((solution.weights[1] - 0.75).abs() < 1e-9);
/// # Ok::<(), map_align::ProblemError>(())
/// ```
pub fn solve(problem: &Problem, bounds: &[Bounds], start: Option<&[f64]>) -> Solution {
    let constraints = Constraints::new(problem, bounds);
    let start = start.map(|start| -> Vec<f64> {
        start.iter().enumerate().map(|(i, l)| l * problem.standard_deviation(i)).collect()
    });
    solve_constraints(problem, &constraints, start.as_deref(), 0.0)
}

/// Like [`solve`], with λ standardised, and with −½ ridge ‖μ‖² added to the dual.
pub(super) fn solve_constraints(
    problem: &Problem,
    constraints: &Constraints,
    start: Option<&[f64]>,
    ridge: f64,
) -> Solution {
    let mut mu = match start {
        Some(start) => constraints.multipliers(start),
        None => rough_start(problem, constraints, ridge).unwrap_or_else(|| vec![0.0; constraints.all.len()]),
    };
    // With a ridge g has a maximum whatever is asked.
    let limit = if ridge > 0.0 { f64::INFINITY } else { problem.largest_kl() + 1e-9 };
    let ascent = Ascent { problem, constraints, ridge, limit, passes: Cell::default() };
    let (mut at, iterations, mut status) = ascent.run(&mut mu);
    let residual = ascent.residual(&mu, &at);
    if status != Status::Exceeded && residual <= TOLERANCE {
        status = Status::Converged;
    }
    if status == Status::Converged
        && ridge == 0.0
        && !is_well_conditioned(&at.covariance, CLEAR)
        && let Some(least) = collinear::least_norm(problem, constraints, &mu)
    {
        let point = ascent.locate(&least, &ascent.everything(), Some(&at), false);
        if ascent.residual(&least, &point) <= residual.max(TOLERANCE) {
            (mu, at) = (least, point);
        }
    }
    let standardised = constraints.lambda(&mu, problem.values());
    let weights = primal::weights(problem, &standardised);
    // The pass that ended the search has the levels of the columns in use; the others follow from the
    // weights.
    let mut levels = vec![0.0; problem.values()];
    constraints.columns.iter().zip(&at.levels).for_each(|(&i, z)| levels[i] = *z);
    for i in (0..levels.len()).filter(|i| constraints.columns.binary_search(i).is_err()) {
        levels[i] = primal::level_of(problem, &weights, i);
    }
    // KL(w ‖ q) = λ·E_w z − log Z for weights that come from λ.
    let kl = (standardised.iter().zip(&levels).map(|(l, z)| l * z).sum::<f64>() - at.log_partition).max(0.0);
    Solution {
        lambda: standardised
            .iter()
            .enumerate()
            .map(|(i, l)| if *l == 0.0 { 0.0 } else { l / problem.standard_deviation(i) })
            .collect(),
        realised: levels.iter().enumerate().map(|(i, z)| problem.level(i, *z)).collect(),
        duality_gap: kl - ascent.value(&mu, at.log_partition),
        kl,
        weights,
        kkt_residual: ascent.residual(&mu, &at),
        iterations,
        passes: ascent.passes.get(),
        status,
        standardised,
    }
}

/// Multipliers that solve an evenly spaced selection of the rows of a large problem.
fn rough_start(problem: &Problem, constraints: &Constraints, ridge: f64) -> Option<Vec<f64>> {
    if problem.rows() <= LARGE || constraints.all.is_empty() {
        return None;
    }
    let thinned = problem.thinned(problem.rows() / THINNED)?;
    let mut mu = vec![0.0; constraints.all.len()];
    let ascent = Ascent {
        problem: &thinned,
        constraints,
        ridge,
        limit: if ridge > 0.0 { f64::INFINITY } else { thinned.largest_kl() + 1e-9 },
        passes: Cell::default(),
    };
    let (_, _, status) = ascent.run(&mut mu);
    (status == Status::Converged).then_some(mu)
}
