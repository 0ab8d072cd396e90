//! The dual's maximiser by an active-set Newton method.
//!
//! Each step maximises the quadratic model of g over λ ≥ 0 exactly (a non-negative quadratic program, solved by the active-set method of Lawson
//! and Hanson), then searches along the line to that maximiser. Zeros of λ are therefore exact, and near the solution the step is Newton's.

use super::cholesky::solve_on;
use super::dual::{self, Point};
use super::problem::Problem;
use ndarray::Array2;

/// The constraints met at the least KL, or the best that was found.
#[derive(Clone, Debug)]
pub struct Solution {
    /// λ in nats per unit of each value; exactly 0 where a constraint is idle.
    pub lambda: Vec<f64>,
    /// Realised levels, in the values' own units.
    pub realised: Vec<f64>,
    /// Probability of each answer within its group.
    pub weights: Vec<f64>,
    /// KL divergence to the base, nats.
    pub kl: f64,
    /// Largest violation of the optimality conditions, in standard deviations: |c − realised| where λ > 0, max(0, c − realised) where λ = 0.
    pub kkt_residual: f64,
    pub iterations: usize,
    /// Whether the residual is within [`TOLERANCE`].
    pub converged: bool,
    /// g exceeded the largest KL that any choice can have: the palette is unreachable, and λ is a direction that shows it.
    pub(super) exceeded: bool,
    /// λ per standard deviation.
    pub(super) standardised: Vec<f64>,
}

/// Residual at which a solution counts as met, in standard deviations.
pub const TOLERANCE: f64 = 1e-9;
const MOST_ITERATIONS: usize = 300;

/// Solves min E KL subject to E r_i ≥ c_i, c in the values' own units, `None` where a value is not constrained. `start` is a λ (nats per unit)
/// near the solution, if one is known.
///
/// Always ends: at the optimum, when g exceeds what any choice can have (unreachable), or after 300 steps.
pub fn solve(problem: &Problem, c: &[Option<f64>], start: Option<&[f64]>) -> Solution {
    let m = problem.values();
    let standardised: Vec<Option<f64>> = (0..m).map(|i| c[i].map(|c| problem.standardise(i, c))).collect();
    // A constant column either meets its target anyway or cannot: neither needs a multiplier.
    let used: Vec<usize> = (0..m).filter(|&i| problem.standard_deviation(i) > 0.0 && standardised[i].is_some()).collect();
    let target: Vec<f64> = standardised.iter().map(|c| c.filter(|c| c.is_finite()).unwrap_or(0.0)).collect();
    let mut lambda = vec![0.0; m];
    if let Some(start) = start {
        for &i in &used {
            let l = start[i] * problem.standard_deviation(i);
            lambda[i] = if l.is_finite() { l.max(0.0) } else { 0.0 };
        }
    }
    let limit = problem.largest_kl() + 1e-9;
    let mut at = dual::point(problem, &lambda, &target);
    let mut iterations = 0;
    let mut exceeded = false;
    let mut before = f64::INFINITY;
    while iterations < MOST_ITERATIONS {
        let gap = residual(&used, &lambda, &target, &at);
        // Once within tolerance, go on only while Newton's method still converges fast: rounding sets the end.
        if gap <= TOLERANCE * 1e-3 || (gap <= TOLERANCE && gap > 0.5 * before) {
            break;
        }
        before = gap;
        if at.value > limit {
            exceeded = true;
            break;
        }
        iterations += 1;
        let Some((next, point)) = step(problem, &used, &lambda, &target, &at) else { break };
        lambda = next;
        at = point;
    }
    let kkt_residual = residual(&used, &lambda, &target, &at);
    let (weights, _) = dual::weights(problem, &lambda);
    Solution {
        lambda: (0..m).map(|i| if lambda[i] > 0.0 { lambda[i] / problem.standard_deviation(i) } else { 0.0 }).collect(),
        realised: (0..m).map(|i| problem.level(i, at.realised[i])).collect(),
        kl: dual::kl(problem, &weights),
        weights,
        kkt_residual,
        iterations,
        converged: kkt_residual <= TOLERANCE,
        exceeded,
        standardised: lambda,
    }
}

fn residual(used: &[usize], lambda: &[f64], c: &[f64], at: &Point) -> f64 {
    used.iter()
        .map(|&i| {
            let gap = c[i] - at.realised[i];
            if lambda[i] > 0.0 { gap.abs() } else { gap.max(0.0) }
        })
        .fold(0.0, f64::max)
}

/// One Newton step with line search; `None` when no step improves on `lambda` within floating point.
fn step(problem: &Problem, used: &[usize], lambda: &[f64], c: &[f64], at: &Point) -> Option<(Vec<f64>, Point)> {
    let m = lambda.len();
    let gradient: Vec<f64> = (0..m).map(|i| c[i] - at.realised[i]).collect();
    // Damping keeps the quadratic model honest where the covariance has collapsed (weights nearly on one answer).
    let mut damping = 0.0;
    for _ in 0..12 {
        let goal = quadratic_maximiser(&at.covariance, used, lambda, &gradient, damping);
        let direction: Vec<f64> = (0..m).map(|i| goal[i] - lambda[i]).collect();
        let slope: f64 = direction.iter().zip(&gradient).map(|(d, g)| d * g).sum();
        if slope.is_finite() && slope > 0.0 {
            let mut length = 1.0;
            for _ in 0..30 {
                let next: Vec<f64> =
                    (0..m).map(|i| if length == 1.0 { goal[i] } else { (lambda[i] + length * direction[i]).max(0.0) }).collect();
                let value = dual::value(problem, &next, c);
                let noise = 4.0 * f64::EPSILON * (1.0 + at.value.abs());
                if value >= at.value + 1e-4 * length * slope {
                    return Some((next.clone(), dual::point(problem, &next, c)));
                }
                if value >= at.value - noise {
                    // g no longer resolves the step; the residual still does.
                    let point = dual::point(problem, &next, c);
                    if residual(used, &next, c, &point) < 0.9 * residual(used, lambda, c, at) {
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

/// argmax over y ≥ 0 of gradient·(y − λ) − ½ (y − λ)'(H + damping·I)(y − λ) over the coordinates `used` (Lawson and Hanson's active-set method).
fn quadratic_maximiser(h: &Array2<f64>, used: &[usize], lambda: &[f64], gradient: &[f64], damping: f64) -> Vec<f64> {
    let m = lambda.len();
    let mut h = h.clone();
    for i in 0..m {
        h[[i, i]] += damping;
    }
    // Right side of H y = b.
    let b: Vec<f64> = (0..m).map(|i| gradient[i] + used.iter().map(|&j| h[[i, j]] * lambda[j]).sum::<f64>()).collect();
    let scale = used.iter().map(|&i| b[i].abs()).fold(0.0, f64::max).max(1e-300);
    let mut y = vec![0.0; m];
    // Starting from the coordinates that are positive now makes later steps one factorisation each.
    let mut free: Vec<usize> = used.iter().copied().filter(|&i| lambda[i] > 0.0).collect();
    for &i in &free {
        y[i] = lambda[i];
    }
    for _ in 0..3 * used.len() + 3 {
        // Inner loop: move to the maximiser over the free coordinates, dropping those that would turn negative.
        while !free.is_empty() {
            let x = solve_on(&h, &free, &b);
            let mut step = 1.0;
            for (k, &i) in free.iter().enumerate() {
                if x[k] <= 0.0 {
                    step = f64::min(step, if y[i] > x[k] { y[i] / (y[i] - x[k]) } else { 0.0 });
                }
            }
            let before = free.len();
            for (k, &i) in free.iter().enumerate() {
                y[i] += step * (x[k] - y[i]);
            }
            if step >= 1.0 {
                break;
            }
            let low = 1e-15 * y.iter().copied().fold(0.0, f64::max);
            free.retain(|&i| {
                let keep = y[i] > low;
                if !keep {
                    y[i] = 0.0;
                }
                keep
            });
            if free.len() == before {
                break;
            }
        }
        let slope = |i: usize| b[i] - used.iter().map(|&j| h[[i, j]] * y[j]).sum::<f64>();
        let best = used.iter().copied().filter(|i| !free.contains(i)).map(|i| (i, slope(i))).max_by(|a, b| a.1.total_cmp(&b.1));
        match best {
            Some((i, s)) if s > 1e-14 * scale => free.push(i),
            _ => break,
        }
    }
    y
}
