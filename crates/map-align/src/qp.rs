//! The quadratic model of the dual over the multipliers' signs.

use super::bounds::Constraint;
use super::linalg::solve_on;
use ndarray::Array2;

/// A variance below this is rounding: the column does not vary within any group.
const ROUNDING: f64 = 1e-24;

/// argmax over y of gradient·(y − μ) − ½ (y − μ)'(H + damping·diag H)(y − μ), y_p ≥ 0 unless constraint p is
/// an equality: the active-set method of Lawson and Hanson (1974, chapter 23), with equalities always in.
pub(super) fn maximise(
    h: &Array2<f64>,
    constraints: &[Constraint],
    mu: &[f64],
    gradient: &[f64],
    damping: f64,
) -> Vec<f64> {
    let k = constraints.len();
    // In units of each constraint's own curvature: within prompts a column can vary far less than its
    // standard deviation over all.
    let unit: Vec<f64> = (0..k).map(|i| if h[[i, i]] > ROUNDING { h[[i, i]].sqrt() } else { 1.0 }).collect();
    // No λ moves a column that does not vary within any group: its multiplier stays.
    let moves: Vec<bool> = (0..k).map(|i| h[[i, i]] > ROUNDING).collect();
    let mut h = Array2::from_shape_fn((k, k), |(i, j)| h[[i, j]] / unit[i] / unit[j]);
    for i in 0..k {
        h[[i, i]] += damping;
    }
    let mu: Vec<f64> = (0..k).map(|i| mu[i] * unit[i]).collect();
    let gradient: Vec<f64> = (0..k).map(|i| gradient[i] / unit[i]).collect();
    // Right side of H y = b.
    let b: Vec<f64> = (0..k).map(|i| gradient[i] + (0..k).map(|j| h[[i, j]] * mu[j]).sum::<f64>()).collect();
    let scale = b.iter().map(|b| b.abs()).fold(0.0, f64::max).max(1e-300);
    // Starting from the constraints that are active now makes later steps one factorisation each.
    let mut free: Vec<usize> =
        (0..k).filter(|&i| moves[i] && (constraints[i].equality || mu[i] > 0.0)).collect();
    let mut y: Vec<f64> =
        (0..k).map(|i| if constraints[i].equality || mu[i] > 0.0 { mu[i] } else { 0.0 }).collect();
    for _ in 0..3 * k + 3 {
        // Inner loop: move to the maximiser over the free multipliers, dropping those that would turn
        // negative.
        while !free.is_empty() {
            let x = solve_on(&h, &free, &b);
            let mut step = 1.0;
            for (at, &i) in free.iter().enumerate() {
                if !constraints[i].equality && x[at] <= 0.0 {
                    step = f64::min(step, if y[i] > x[at] { y[i] / (y[i] - x[at]) } else { 0.0 });
                }
            }
            let before = free.len();
            for (at, &i) in free.iter().enumerate() {
                y[i] += step * (x[at] - y[i]);
            }
            if step >= 1.0 {
                break;
            }
            let low = 1e-15 * y.iter().copied().fold(0.0, f64::max);
            free.retain(|&i| {
                let keep = constraints[i].equality || y[i] > low;
                if !keep {
                    y[i] = 0.0;
                }
                keep
            });
            if free.len() == before {
                break;
            }
        }
        let slope = |i: usize| b[i] - (0..k).map(|j| h[[i, j]] * y[j]).sum::<f64>();
        let best = (0..k)
            .filter(|i| moves[*i] && !free.contains(i))
            .map(|i| (i, slope(i)))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        match best {
            Some((i, s)) if s > 1e-14 * scale => free.push(i),
            _ => break,
        }
    }
    (0..k).map(|i| y[i] / unit[i]).collect()
}
