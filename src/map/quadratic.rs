//! The quadratic model of the dual over the multipliers' signs.

use super::bounds::Term;
use super::cholesky::solve_on;
use ndarray::Array2;

/// argmax over y of gradient·(y − μ) − ½ (y − μ)'(H + damping·I)(y − μ), y_p ≥ 0 unless term p is free: the active-set method of Lawson and
/// Hanson (1974, chapter 23), with free terms always in.
pub(super) fn maximise(h: &Array2<f64>, terms: &[Term], mu: &[f64], gradient: &[f64], damping: f64) -> Vec<f64> {
    let k = terms.len();
    let mut h = h.clone();
    for i in 0..k {
        h[[i, i]] += damping;
    }
    // Right side of H y = b.
    let b: Vec<f64> = (0..k).map(|i| gradient[i] + (0..k).map(|j| h[[i, j]] * mu[j]).sum::<f64>()).collect();
    let scale = b.iter().map(|b| b.abs()).fold(0.0, f64::max).max(1e-300);
    // Starting from the terms that are active now makes later steps one factorisation each.
    let mut free: Vec<usize> = (0..k).filter(|&i| terms[i].free || mu[i] > 0.0).collect();
    let mut y: Vec<f64> = (0..k).map(|i| if terms[i].free || mu[i] > 0.0 { mu[i] } else { 0.0 }).collect();
    for _ in 0..3 * k + 3 {
        // Inner loop: move to the maximiser over the free terms, dropping those that would turn negative.
        while !free.is_empty() {
            let x = solve_on(&h, &free, &b);
            let mut step = 1.0;
            for (at, &i) in free.iter().enumerate() {
                if !terms[i].free && x[at] <= 0.0 {
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
                let keep = terms[i].free || y[i] > low;
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
        let best = (0..k).filter(|i| !free.contains(i)).map(|i| (i, slope(i))).max_by(|a, b| a.1.total_cmp(&b.1));
        match best {
            Some((i, s)) if s > 1e-14 * scale => free.push(i),
            _ => break,
        }
    }
    y
}
