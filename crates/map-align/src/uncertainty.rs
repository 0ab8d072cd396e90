//! How far the samples themselves can be trusted, λ taken as given.

use super::problem::Problem;
use ndarray::Array2;

/// Effective sample size 1/Σ(π_g w_gj)² of the whole reweighted sample (Kish 1965), in answers. `weights` has
/// one entry per row that takes part, as [`Solution::weights`](crate::Solution::weights).
pub fn effective_samples(problem: &Problem, weights: &[f64]) -> f64 {
    let squares: f64 = problem
        .groups
        .iter()
        .zip(&problem.group_weight)
        .map(|(g, pi)| g.clone().map(|j| (pi * weights[j]).powi(2)).sum::<f64>())
        .sum();
    1.0 / squares
}

/// The largest weight π_g w_gj that a single answer has; all of them sum to 1. `weights` as for
/// [`effective_samples`].
pub fn largest_weight(problem: &Problem, weights: &[f64]) -> f64 {
    let largest = |g: &std::ops::Range<usize>| weights[g.clone()].iter().copied().fold(0.0, f64::max);
    problem.groups.iter().zip(&problem.group_weight).map(|(g, pi)| pi * largest(g)).fold(0.0, f64::max)
}

/// Standard error of each realised level, one per column, in its own unit, λ taken as given. `weights` as for
/// [`effective_samples`].
///
/// With several groups the groups are the sampling units: the spread of their realised means. With one group
/// it is the self-normalised importance sampling estimate √Σ w²(r − r̄)² (Owen 2013, chapter 9).
pub fn standard_errors(problem: &Problem, weights: &[f64]) -> Vec<f64> {
    let count = problem.groups.len();
    (0..problem.values())
        .map(|i| {
            let z = problem.column(i);
            let mean_of = |g: &std::ops::Range<usize>| g.clone().map(|j| weights[j] * z[j]).sum::<f64>();
            let means: Vec<f64> = problem.groups.iter().map(mean_of).collect();
            let variance = if count > 1 {
                let centre: f64 = means.iter().zip(&problem.group_weight).map(|(x, pi)| pi * x).sum();
                let spread: f64 =
                    means.iter().zip(&problem.group_weight).map(|(x, pi)| (pi * (x - centre)).powi(2)).sum();
                spread * count as f64 / (count - 1) as f64
            } else {
                problem.groups[0].clone().map(|j| (weights[j] * (z[j] - means[0])).powi(2)).sum()
            };
            problem.standard_deviation(i) * variance.sqrt()
        })
        .collect()
}

/// Level of each column in each group, one row per group and one column per column of the problem, in own units:
/// at `weights` (as for [`effective_samples`]), or at the base where there are none.
pub fn levels_by_group(problem: &Problem, weights: Option<&[f64]>) -> Array2<f64> {
    let mut levels = Array2::zeros((problem.group_count(), problem.values()));
    for i in 0..problem.values() {
        let z = problem.column(i);
        for (g, rows) in problem.groups.iter().enumerate() {
            let weight = |j: usize| weights.map_or_else(|| problem.log_base(j, rows.len()).exp(), |w| w[j]);
            let mean = rows.clone().map(|j| weight(j) * z[j]).sum::<f64>();
            levels[[g, i]] = problem.level(i, mean);
        }
    }
    levels
}
