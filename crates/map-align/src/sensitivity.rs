//! The effect of a small change of one bound on λ and on every realised level.

use super::dual;
use super::linalg::pseudo_inverse;
use super::problem::Problem;
use super::solver::Solution;
use ndarray::Array2;

/// Derivatives at a solution by the bounds c, in the columns' own units. Those by the bound of a column where
/// it is idle are 0.
#[derive(Clone, Debug)]
pub struct Sensitivity {
    /// Indices of the columns with λ ≠ 0.
    pub active: Vec<usize>,
    /// dλ_i/dc_j, m × m, nats per unit of i and of j: the inverse of the weighted covariance on the active
    /// columns (the sign is +; Theorem 4(iv) of MAP, arXiv 2410.19198, has −).
    pub lambda: Array2<f64>,
    /// dE_w\[r_i\]/dc_j, m × m, units of i per unit of j: Cov_w(r_i, r_A) Cov_w(r_A)⁻¹ on the active columns
    /// A.
    pub level: Array2<f64>,
}

/// Derivatives at `solution`, which must be one of `problem`. Where active columns are collinear, those along
/// what can change (by the pseudo-inverse).
pub fn sensitivity(problem: &Problem, solution: &Solution) -> Sensitivity {
    let m = problem.values();
    let columns: Vec<usize> = (0..m).collect();
    let centre: Vec<f64> = (0..m)
        .map(|i| {
            if problem.standard_deviation(i) > 0.0 {
                problem.standardise(i, solution.realised[i])
            } else {
                0.0
            }
        })
        .collect();
    let covariance = dual::point(problem, &columns, m, &solution.standardised, Some(&centre)).covariance;
    let active: Vec<usize> = columns.into_iter().filter(|&i| solution.standardised[i] != 0.0).collect();
    let k = active.len();
    // Scaled to a unit diagonal, so that what counts as collinear does not depend on how far each column
    // still varies.
    let unit: Vec<f64> = active.iter().map(|&i| covariance[[i, i]].sqrt().max(1e-150)).collect();
    let scaled =
        Array2::from_shape_fn((k, k), |(a, b)| covariance[[active[a], active[b]]] / unit[a] / unit[b]);
    let inverse = pseudo_inverse(&scaled, 1e-12);
    let sd = |i: usize| problem.standard_deviation(i);
    let (mut lambda, mut level) = (Array2::zeros((m, m)), Array2::zeros((m, m)));
    for (b, &j) in active.iter().enumerate() {
        let column: Vec<f64> = (0..k).map(|a| inverse[[a, b]] / unit[a] / unit[b]).collect();
        for (a, &i) in active.iter().enumerate() {
            lambda[[i, j]] = column[a] / sd(i) / sd(j);
        }
        for i in 0..m {
            let sum: f64 = active.iter().zip(&column).map(|(&a, x)| covariance[[i, a]] * x).sum();
            level[[i, j]] = sum * sd(i) / sd(j);
        }
    }
    Sensitivity { active, lambda, level }
}
