//! The solution of a palette: λ, the weights of the answers, what they realise and what it costs.

use super::ascent::Ascent;
use super::bounds::{Bounds, Constraints};
use super::collinear;
use super::linalg::is_well_conditioned;
use super::primal;
use super::problem::Problem;

/// Why the solver ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The optimality conditions hold within [`TOLERANCE`].
    Converged,
    /// g exceeded the largest KL divergence that any choice of answers can have: no weighting meets the
    /// bounds.
    Exceeded,
    /// No step improves on λ within floating point.
    Stalled,
    /// [`MOST_ITERATIONS`] steps were made.
    OutOfSteps,
}

/// The bounds met at the least KL, or the best that was found.
#[derive(Clone, Debug)]
pub struct Solution {
    /// λ in nats per unit of each column: ≥ 0 for a lower bound, ≤ 0 for an upper one, exactly 0 where a
    /// bound is idle.
    pub lambda: Vec<f64>,
    /// Realised levels, in the columns' own units.
    pub realised: Vec<f64>,
    /// Probability of each answer within its group.
    pub weights: Vec<f64>,
    /// KL divergence to the base, nats.
    pub kl: f64,
    /// Largest violation of the optimality conditions, in standard deviations: the distance from the bound
    /// where λ ≠ 0, the shortfall where λ = 0.
    pub kkt_residual: f64,
    /// KL of the weights less g(λ), nats: 0 at the optimum.
    pub duality_gap: f64,
    pub iterations: usize,
    pub status: Status,
    /// λ per standard deviation.
    pub(super) standardised: Vec<f64>,
}

/// Residual at which a solution counts as met, in standard deviations.
pub const TOLERANCE: f64 = 1e-9;
pub const MOST_ITERATIONS: usize = 300;

/// Tables with more rows than this are first solved on a part of them, to start near the solution.
/// A share of variance of its own that tells a column from a combination of others without a closer look.
const CLEAR: f64 = 1e-9;

const LARGE: usize = 20_000;
/// About how many rows that part has.
const PART: usize = 4096;

impl Solution {
    pub fn converged(&self) -> bool {
        self.status == Status::Converged
    }
}

/// Solves min E KL subject to the bounds (own units, one per column). `start` is a λ (nats per unit) near the
/// solution, if one is known.
///
/// Always ends: at the optimum, when g exceeds what any choice can have (unreachable), where floating point
/// ends, or after [`MOST_ITERATIONS`]. Where columns are collinear the λ of least norm (per standard
/// deviation) is given.
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
        None => {
            rough_start(problem, constraints, ridge).unwrap_or_else(|| vec![0.0; constraints.terms.len()])
        }
    };
    // With a ridge g has a maximum whatever is asked.
    let limit = if ridge > 0.0 { f64::INFINITY } else { problem.largest_kl() + 1e-9 };
    let ascent = Ascent { problem, constraints, ridge, limit };
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
        status,
        standardised,
    }
}

/// Multipliers from an evenly spaced part of a large table, if they solve that part.
fn rough_start(problem: &Problem, constraints: &Constraints, ridge: f64) -> Option<Vec<f64>> {
    if problem.rows() <= LARGE || constraints.terms.is_empty() {
        return None;
    }
    let stride = problem.rows() / PART;
    let part = if problem.group_count() == 1 {
        let rows: Vec<usize> = (0..problem.rows()).step_by(stride).collect();
        let logs = problem.log_base.as_ref().map(|log| rows.iter().map(|&j| log[j]).collect());
        problem.select(&rows, &[rows.len()], vec![1.0], logs)
    } else {
        let groups: Vec<usize> = (0..problem.group_count()).step_by(stride).collect();
        if groups.len() < 2 {
            return None;
        }
        let rows: Vec<usize> = groups.iter().flat_map(|&g| problem.groups[g].clone()).collect();
        let sizes: Vec<usize> = groups.iter().map(|&g| problem.groups[g].len()).collect();
        let logs = problem.log_base.as_ref().map(|log| rows.iter().map(|&j| log[j]).collect());
        problem.select(&rows, &sizes, groups.iter().map(|&g| problem.group_weight[g]).collect(), logs)
    };
    let mut mu = vec![0.0; constraints.terms.len()];
    let ascent = Ascent {
        problem: &part,
        constraints,
        ridge,
        limit: if ridge > 0.0 { f64::INFINITY } else { part.largest_kl() + 1e-9 },
    };
    let (_, _, status) = ascent.run(&mut mu);
    (status == Status::Converged).then_some(mu)
}
