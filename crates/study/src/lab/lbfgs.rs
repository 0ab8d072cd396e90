//! L-BFGS on the dual with the multipliers kept at 0 or above (Nocedal and Wright, Numerical Optimization,
//! chapter 7): quasi-Newton steps on the multipliers that are free, projected onto the rest.

use super::ascent::{GAIN, MOST_PASSES, TOLERANCE};
use super::report::Ended;
use super::task::Task;
use std::collections::VecDeque;

/// Pairs of steps and changes of the gradient that are kept.
const PAIRS: usize = 8;

/// A step s and what it changed of the descent gradient, y.
struct Pair {
    s: Vec<f64>,
    y: Vec<f64>,
}

/// Multipliers ≥ 0 (per standard deviation) from 0.
pub(super) fn lbfgs(task: &Task) -> (Vec<f64>, Ended) {
    let mut mu = vec![0.0; task.half_spaces.len()];
    let mut at = task.at(&mu);
    let mut pairs: VecDeque<Pair> = VecDeque::new();
    loop {
        let residual = Task::residual(&mu, &at.gradient);
        if residual <= TOLERANCE {
            return (mu, Ended::Converged);
        }
        let free: Vec<bool> = mu.iter().zip(&at.gradient).map(|(m, g)| *m > 0.0 || *g > 0.0).collect();
        let mut direction = quasi_newton(&at.gradient, &free, &pairs);
        if dot(&direction, &at.gradient) <= 0.0 {
            pairs.clear();
            direction = quasi_newton(&at.gradient, &free, &pairs);
        }
        // Without pairs nothing is known of the scale.
        let mut length = if pairs.is_empty() { 1f64.min(1.0 / norm(&direction)) } else { 1.0 };
        let noise = 1e-15 * (1.0 + at.value.abs());
        let step = loop {
            if task.passes() >= MOST_PASSES {
                return (mu, Ended::Steps);
            }
            let next: Vec<f64> = mu.iter().zip(&direction).map(|(m, d)| (m + length * d).max(0.0)).collect();
            let moved: Vec<f64> = next.iter().zip(&mu).map(|(n, m)| n - m).collect();
            let point = task.at(&next);
            let slope = dot(&moved, &at.gradient);
            let gains = slope > 0.0 && point.value >= at.value + GAIN * slope;
            // Where g no longer resolves the step, the residual still does.
            let nearer = point.value >= at.value - noise && Task::residual(&next, &point.gradient) < residual;
            if gains || nearer {
                break Some((next, moved, point));
            }
            length *= 0.5;
            if length < 1e-12 {
                break None;
            }
        };
        let Some((next, s, point)) = step else {
            // Once more from the gradient alone, then there is nothing left to try.
            if pairs.is_empty() {
                return (mu, Ended::Stalled);
            }
            pairs.clear();
            continue;
        };
        let y: Vec<f64> = at.gradient.iter().zip(&point.gradient).map(|(a, b)| a - b).collect();
        if dot(&s, &y) > 1e-14 * norm(&s) * norm(&y) {
            pairs.push_back(Pair { s, y });
            if pairs.len() > PAIRS {
                pairs.pop_front();
            }
        }
        (mu, at) = (next, point);
    }
}

/// The two-loop recursion on the free multipliers: inverse curvature times the ascent gradient.
fn quasi_newton(gradient: &[f64], free: &[bool], pairs: &VecDeque<Pair>) -> Vec<f64> {
    let on_free =
        |x: &[f64]| -> Vec<f64> { x.iter().zip(free).map(|(x, f)| if *f { *x } else { 0.0 }).collect() };
    let pairs: Vec<Pair> = (pairs.iter())
        .map(|pair| Pair { s: on_free(&pair.s), y: on_free(&pair.y) })
        .filter(|pair| dot(&pair.s, &pair.y) > 0.0)
        .collect();
    let mut q = on_free(gradient);
    let mut alphas = Vec::with_capacity(pairs.len());
    for Pair { s, y } in pairs.iter().rev() {
        let alpha = dot(s, &q) / dot(s, y);
        q.iter_mut().zip(y).for_each(|(q, y)| *q -= alpha * y);
        alphas.push(alpha);
    }
    if let Some(Pair { s, y }) = pairs.last() {
        let scale = dot(s, y) / dot(y, y);
        q.iter_mut().for_each(|q| *q *= scale);
    }
    for (Pair { s, y }, alpha) in pairs.iter().zip(alphas.iter().rev()) {
        let beta = dot(y, &q) / dot(s, y);
        q.iter_mut().zip(s).for_each(|(q, s)| *q += (alpha - beta) * s);
    }
    q
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}
