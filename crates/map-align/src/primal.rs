//! The primal side of the dual: the weights of the answers that a λ stands for, and what they realise.

use super::block::{self, Copies, ROWS, in_place};
use super::problem::Problem;
use std::ops::Range;

/// Answer probabilities w_gj ∝ q_gj exp(λ·z_gj), summing to 1 in each group, for `lambda` of every column.
pub(super) fn weights(problem: &Problem, lambda: &[f64]) -> Vec<f64> {
    let mut w = vec![0.0; problem.rows()];
    let columns: Vec<usize> = (0..problem.values()).filter(|&i| lambda[i] != 0.0).collect();
    let used: Vec<f64> = columns.iter().map(|&i| lambda[i]).collect();
    let source: Vec<&[f64]> = columns.iter().map(|&i| problem.column(i)).collect();
    let mut copies = Copies::new(columns.len());
    let mut score = [0.0; ROWS];
    for start in (0..problem.rows()).step_by(ROWS) {
        let rows = start..(start + ROWS).min(problem.rows());
        let z = in_place(&source, start, rows.len(), &mut copies);
        let count = rows.len();
        block::scores(&mut score, &z, &used, count, problem.log_bases(rows.clone()));
        w[rows].copy_from_slice(&score[..count]);
    }
    for group in &problem.groups {
        let scores = &mut w[group.clone()];
        let (whole, tail) = scores.split_at_mut(scores.len() / 4 * 4);
        let shift = tail.iter().copied().fold(block::largest(whole), f64::max);
        let mut sum = block::exponentials(whole, shift);
        for s in tail.iter_mut() {
            *s = (*s - shift).exp();
            sum += *s;
        }
        let share = 1.0 / sum;
        scores.iter_mut().for_each(|s| *s *= share);
    }
    w
}

/// Σ_g π_g E_{w_g} z of every column.
pub(super) fn levels(problem: &Problem, w: &[f64]) -> Vec<f64> {
    (0..problem.values()).map(|i| level_of(problem, w, i)).collect()
}

/// Σ_g π_g E_{w_g} z of column `i`.
pub(super) fn level_of(problem: &Problem, w: &[f64], i: usize) -> f64 {
    let z = problem.column(i);
    let mean = |g: &Range<usize>| w[g.clone()].iter().zip(&z[g.clone()]).map(|(w, z)| w * z).sum::<f64>();
    problem.groups.iter().zip(&problem.group_weight).map(|(g, pi)| pi * mean(g)).sum()
}

/// Σ_g π_g KL(w_g ‖ q_g), nats.
pub(super) fn kl(problem: &Problem, w: &[f64]) -> f64 {
    problem
        .groups
        .iter()
        .zip(&problem.group_weight)
        .map(|(g, pi)| {
            pi * g
                .clone()
                .filter(|&j| w[j] > 0.0)
                .map(|j| w[j] * (w[j].ln() - problem.log_base(j, g.len())))
                .sum::<f64>()
        })
        .sum::<f64>()
        .max(0.0)
}
