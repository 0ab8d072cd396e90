//! The dual's maximiser by an active-set Newton method.
//!
//! Each step maximises the quadratic model of g over the signs of the multipliers exactly, then searches along the line to that maximiser. Zeros
//! of λ are therefore exact, and near the solution the step is Newton's.

use super::bounds::{Bounds, Demand, Term};
use super::collinear;
use super::dual::{self, Point};
use super::problem::Problem;
use super::quadratic;
use ndarray::Array2;

/// Why the solver ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The optimality conditions hold within [`TOLERANCE`].
    Converged,
    /// g exceeded the largest KL divergence that any choice of answers can have: no weighting meets the bounds.
    Exceeded,
    /// No step improves on λ within floating point.
    Stalled,
    /// [`MOST_ITERATIONS`] steps were made.
    OutOfSteps,
}

/// The bounds met at the least KL, or the best that was found.
#[derive(Clone, Debug)]
pub struct Solution {
    /// λ in nats per unit of each column: ≥ 0 for a lower bound, ≤ 0 for an upper one, exactly 0 where a bound is idle.
    pub lambda: Vec<f64>,
    /// Realised levels, in the columns' own units.
    pub realised: Vec<f64>,
    /// Probability of each answer within its group.
    pub weights: Vec<f64>,
    /// KL divergence to the base, nats.
    pub kl: f64,
    /// Largest violation of the optimality conditions, in standard deviations: the distance from the bound where λ ≠ 0, the shortfall where λ = 0.
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
const LARGE: usize = 20_000;
/// About how many rows that part has.
const PART: usize = 4096;

impl Solution {
    pub fn converged(&self) -> bool {
        self.status == Status::Converged
    }
}

/// Solves min E KL subject to the bounds (own units, one per column). `start` is a λ (nats per unit) near the solution, if one is known.
///
/// Always ends: at the optimum, when g exceeds what any choice can have (unreachable), where floating point ends, or after [`MOST_ITERATIONS`].
/// Where columns are collinear the λ of least norm (per standard deviation) is given.
pub fn solve(problem: &Problem, bounds: &[Bounds], start: Option<&[f64]>) -> Solution {
    let demand = Demand::new(problem, bounds);
    let start = start.map(|start| -> Vec<f64> { start.iter().enumerate().map(|(i, l)| l * problem.standard_deviation(i)).collect() });
    solve_demand(problem, &demand, start.as_deref(), 0.0)
}

/// Like [`solve`], with λ standardised, and with −½ ridge ‖μ‖² added to the dual.
pub(super) fn solve_demand(problem: &Problem, demand: &Demand, start: Option<&[f64]>, ridge: f64) -> Solution {
    let mut mu = match start {
        Some(start) => demand.multipliers(start),
        None => rough_start(problem, demand, ridge).unwrap_or_else(|| vec![0.0; demand.terms.len()]),
    };
    // With a ridge g has a maximum whatever is asked.
    let limit = if ridge > 0.0 { f64::INFINITY } else { problem.largest_kl() + 1e-9 };
    let ascent = Ascent { problem, demand, ridge, limit };
    let (mut at, iterations, mut status) = ascent.run(&mut mu);
    let residual = ascent.residual(&mu, &at);
    if status != Status::Exceeded && residual <= TOLERANCE {
        status = Status::Converged;
    }
    if status == Status::Converged
        && ridge == 0.0
        && collinear::possible(&at.covariance)
        && let Some(least) = collinear::least_norm(problem, demand, &mu)
    {
        let point = ascent.point(&least, &at.realised);
        if ascent.residual(&least, &point) <= residual.max(TOLERANCE) {
            (mu, at) = (least, point);
        }
    }
    let standardised = demand.lambda(&mu, problem.values());
    let weights = dual::weights(problem, &standardised);
    // The pass that ended the search has the levels of the columns in use; the others follow from the weights.
    let mut levels = vec![0.0; problem.values()];
    demand.columns.iter().zip(&at.realised).for_each(|(&i, z)| levels[i] = *z);
    for i in (0..levels.len()).filter(|i| demand.columns.binary_search(i).is_err()) {
        levels[i] = dual::realised_of(problem, &weights, i);
    }
    // KL(w ‖ q) = λ·E_w z − log Z for weights that come from λ.
    let kl = (standardised.iter().zip(&levels).map(|(l, z)| l * z).sum::<f64>() - at.log_partition).max(0.0);
    Solution {
        lambda: standardised.iter().enumerate().map(|(i, l)| if *l == 0.0 { 0.0 } else { l / problem.standard_deviation(i) }).collect(),
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
fn rough_start(problem: &Problem, demand: &Demand, ridge: f64) -> Option<Vec<f64>> {
    if problem.rows() <= LARGE || demand.terms.is_empty() {
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
    let mut mu = vec![0.0; demand.terms.len()];
    let ascent = Ascent { problem: &part, demand, ridge, limit: if ridge > 0.0 { f64::INFINITY } else { part.largest_kl() + 1e-9 } };
    let (_, _, status) = ascent.run(&mut mu);
    (status == Status::Converged).then_some(mu)
}

/// The ascent of g over the multipliers of one demand.
pub(super) struct Ascent<'a> {
    pub problem: &'a Problem,
    pub demand: &'a Demand,
    pub ridge: f64,
    pub limit: f64,
}

impl Ascent<'_> {
    /// λ of the columns in use.
    fn lambda(&self, mu: &[f64]) -> Vec<f64> {
        let mut lambda = vec![0.0; self.demand.columns.len()];
        for (term, mu) in self.demand.terms.iter().zip(mu) {
            lambda[self.place(term)] += term.sign * mu;
        }
        lambda
    }

    /// Where the column of a term stands among those in use.
    fn place(&self, term: &Term) -> usize {
        self.demand.columns.binary_search(&term.column).unwrap_or_default()
    }

    pub fn point(&self, mu: &[f64], centre: &[f64]) -> Point {
        dual::point(self.problem, &self.demand.columns, &self.lambda(mu), centre)
    }

    /// g, from the log partition function.
    pub fn value(&self, mu: &[f64], log_partition: f64) -> f64 {
        self.demand.terms.iter().zip(mu).map(|(t, mu)| t.target * mu).sum::<f64>()
            - log_partition
            - 0.5 * self.ridge * mu.iter().map(|m| m * m).sum::<f64>()
    }

    fn gradient(&self, mu: &[f64], at: &Point) -> Vec<f64> {
        let slope = |(t, mu): (&Term, &f64)| t.target - t.sign * at.realised[self.place(t)] - self.ridge * mu;
        self.demand.terms.iter().zip(mu).map(slope).collect()
    }

    /// −∇²g over the terms.
    fn hessian(&self, at: &Point) -> Array2<f64> {
        let terms = &self.demand.terms;
        let places: Vec<usize> = terms.iter().map(|t| self.place(t)).collect();
        Array2::from_shape_fn((terms.len(), terms.len()), |(p, q)| {
            terms[p].sign * terms[q].sign * at.covariance[[places[p], places[q]]] + if p == q { self.ridge } else { 0.0 }
        })
    }

    pub fn residual(&self, mu: &[f64], at: &Point) -> f64 {
        let gradient = self.gradient(mu, at);
        (self.demand.terms.iter().zip(mu).zip(gradient))
            .map(|((term, mu), gap)| if term.free || *mu > 0.0 { gap.abs() } else { gap.max(0.0) })
            .fold(0.0, f64::max)
    }

    /// Ascends from `mu`, which becomes the best found; returns the point there, the number of steps and why it ended.
    pub fn run(&self, mu: &mut Vec<f64>) -> (Point, usize, Status) {
        let centre: Vec<f64> = self.demand.columns.iter().map(|&i| self.problem.base[i]).collect();
        let mut at = self.point(mu, &centre);
        let mut before = f64::INFINITY;
        let mut iterations = 0;
        loop {
            let gap = self.residual(mu, &at);
            // Once within tolerance, go on only while Newton's method still converges fast: rounding sets the end.
            if gap <= TOLERANCE * 1e-3 || (gap <= TOLERANCE && gap > 0.5 * before) {
                return (at, iterations, Status::Converged);
            }
            before = gap;
            let value = self.value(mu, at.log_partition);
            if value > self.limit {
                return (at, iterations, Status::Exceeded);
            }
            if iterations == MOST_ITERATIONS {
                return (at, iterations, Status::OutOfSteps);
            }
            let Some((next, point)) = self.step(mu, &at, value, gap) else { return (at, iterations, Status::Stalled) };
            iterations += 1;
            (*mu, at) = (next, point);
        }
    }

    /// One Newton step with line search; `None` when no step improves on `mu` within floating point.
    fn step(&self, mu: &[f64], at: &Point, value: f64, gap: f64) -> Option<(Vec<f64>, Point)> {
        let gradient = self.gradient(mu, at);
        let hessian = self.hessian(at);
        // Rounding of g: its parts can be far larger than their sum.
        let parts: f64 = self.demand.terms.iter().zip(mu).map(|(t, mu)| (t.target * mu).abs()).sum();
        let noise = 8.0 * f64::EPSILON * (1.0 + value.abs() + at.log_partition.abs() + parts);
        // Damping keeps the quadratic model honest where the covariance has collapsed (weights nearly on one answer).
        let mut damping = 0.0;
        for _ in 0..12 {
            let goal = quadratic::maximise(&hessian, &self.demand.terms, mu, &gradient, damping);
            let direction: Vec<f64> = goal.iter().zip(mu).map(|(g, m)| g - m).collect();
            let slope: f64 = direction.iter().zip(&gradient).map(|(d, g)| d * g).sum();
            if slope.is_finite() && slope > 0.0 {
                let mut length = 1.0;
                for _ in 0..30 {
                    let next: Vec<f64> = if length == 1.0 {
                        goal.clone()
                    } else {
                        let moved = |((m, d), t): ((&f64, &f64), &Term)| if t.free { m + length * d } else { (m + length * d).max(0.0) };
                        mu.iter().zip(&direction).zip(&self.demand.terms).map(moved).collect()
                    };
                    // The whole step mostly holds, so its derivatives are taken in the same pass.
                    let whole = (length == 1.0).then(|| self.point(&next, &at.realised));
                    let log_partition = match &whole {
                        Some(point) => point.log_partition,
                        None => dual::log_partition(self.problem, &self.demand.columns, &self.lambda(&next)),
                    };
                    let reached = self.value(&next, log_partition);
                    let point = |whole: Option<Point>| whole.unwrap_or_else(|| self.point(&next, &at.realised));
                    // Where g no longer resolves the step, the residual still does.
                    if 1e-4 * length * slope > noise {
                        if reached >= value + 1e-4 * length * slope {
                            let point = point(whole);
                            return Some((next, point));
                        }
                    } else if reached >= value - noise {
                        let point = point(whole);
                        if self.residual(&next, &point) < 0.9 * gap {
                            return Some((next, point));
                        }
                    }
                    length *= 0.5;
                }
            }
            damping = if damping == 0.0 { 1e-10 } else { damping * 100.0 };
        }
        None
    }
}
