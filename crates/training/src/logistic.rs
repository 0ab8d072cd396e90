//! L2-regularised logistic regression over several tasks that share their weights, by L-BFGS.
//!
//! Minimises Σ_t weight_t · mean_i log(1 + exp(−z_i)) + (l2/2)·|w|², z_i = ±(w·x_i + b_t). Each
//! classification task has its own intercept b_t, unpenalised, so that what merely differs between data sets
//! teaches nothing; pairs (x = better − worse) have none.

use std::collections::VecDeque;

use ndarray::{Array1, Array2, ArrayView1, s};

/// The rows of one task.
pub(crate) struct Rows {
    /// [rows, features].
    pub x: Array2<f32>,
    /// Per row: +1 or −1; always +1 for pairs.
    pub sign: Vec<f32>,
    pub pairs: bool,
    pub weight: f64,
}

/// Weights and one intercept per task (0 for pairs).
#[derive(Clone)]
pub(crate) struct Fit {
    pub w: Array1<f64>,
    pub intercepts: Vec<f64>,
}

const MEMORY: usize = 10;
const STEPS: usize = 300;
/// Gradient norm at which the fit counts as converged.
const TOLERANCE: f64 = 1e-5;

/// Fits from `start`; returns the fit and whether it converged.
pub(crate) fn fit(tasks: &[Rows], l2: f64, start: Fit) -> (Fit, bool) {
    let d = start.w.len();
    let mut theta = pack(&start);
    let (mut value, mut gradient) = objective(tasks, l2, &theta, d);
    let mut history: VecDeque<(Array1<f64>, Array1<f64>)> = VecDeque::new();
    for _ in 0..STEPS {
        if norm(&gradient) < TOLERANCE {
            return (unpack(&theta, d), true);
        }
        let mut direction = direction(&gradient, &history);
        let mut slope = direction.dot(&gradient);
        if slope >= 0.0 {
            history.clear();
            direction = -&gradient;
            slope = -gradient.dot(&gradient);
        }
        // Backtrack until the step lowers the objective by enough (Armijo).
        let mut step = if history.is_empty() { (1.0 / norm(&gradient)).min(1.0) } else { 1.0 };
        let (next, next_value, next_gradient) = loop {
            let next = &theta + &(&direction * step);
            let (v, g) = objective(tasks, l2, &next, d);
            if v <= value + 1e-4 * step * slope {
                break (next, v, g);
            }
            step *= 0.5;
            if step < 1e-10 {
                // No step improves in this precision: as good as it gets.
                return (unpack(&theta, d), norm(&gradient) < 100.0 * TOLERANCE);
            }
        };
        let (s, y) = (&next - &theta, &next_gradient - &gradient);
        if s.dot(&y) > 1e-12 {
            history.push_back((s, y));
            if history.len() > MEMORY {
                history.pop_front();
            }
        }
        (theta, value, gradient) = (next, next_value, next_gradient);
    }
    (unpack(&theta, d), false)
}

/// Σ_t weight_t · mean log-loss of `fit` on `tasks`, without the penalty.
pub(crate) fn loss(tasks: &[Rows], fit: &Fit) -> f64 {
    objective(tasks, 0.0, &pack(fit), fit.w.len()).0
}

/// w·x_i + b for every row.
pub(crate) fn scores(x: &Array2<f32>, w: ArrayView1<f64>, intercept: f64) -> Vec<f64> {
    let w: Array1<f32> = w.mapv(|v| v as f32);
    x.dot(&w).iter().map(|z| f64::from(*z) + intercept).collect()
}

fn objective(tasks: &[Rows], l2: f64, theta: &Array1<f64>, d: usize) -> (f64, Array1<f64>) {
    let w = theta.slice(s![..d]);
    let mut gradient = theta.clone();
    gradient.slice_mut(s![d..]).fill(0.0);
    gradient *= l2;
    let mut value = 0.5 * l2 * w.dot(&w);
    for (t, task) in tasks.iter().enumerate() {
        let n = task.sign.len();
        if n == 0 || task.weight == 0.0 {
            continue;
        }
        let share = task.weight / n as f64;
        let intercept = if task.pairs { 0.0 } else { theta[d + t] };
        let mut pull = Array1::<f32>::zeros(n);
        for (i, score) in scores(&task.x, w, intercept).into_iter().enumerate() {
            let sign = f64::from(task.sign[i]);
            let z = sign * score;
            // log(1 + e^−z), without overflow for large |z|.
            value += share * ((-z.abs()).exp().ln_1p() + (-z).max(0.0));
            pull[i] = (-sign * share / (1.0 + z.exp())) as f32;
        }
        // Row by row: the transposed product would walk through memory in strides.
        let mut part = Array1::<f32>::zeros(d);
        for (row, pull) in task.x.rows().into_iter().zip(&pull) {
            part.scaled_add(*pull, &row);
        }
        gradient.slice_mut(s![..d]).zip_mut_with(&part, |g, p| *g += f64::from(*p));
        if !task.pairs {
            gradient[d + t] += pull.iter().map(|p| f64::from(*p)).sum::<f64>();
        }
    }
    (value, gradient)
}

/// −H·gradient with the inverse curvature H that the last steps suggest.
fn direction(gradient: &Array1<f64>, history: &VecDeque<(Array1<f64>, Array1<f64>)>) -> Array1<f64> {
    let mut q = -gradient;
    let mut alphas = Vec::with_capacity(history.len());
    for (s, y) in history.iter().rev() {
        let alpha = s.dot(&q) / s.dot(y);
        q.scaled_add(-alpha, y);
        alphas.push(alpha);
    }
    if let Some((s, y)) = history.back() {
        q *= s.dot(y) / y.dot(y);
    }
    for ((s, y), alpha) in history.iter().zip(alphas.iter().rev()) {
        let beta = y.dot(&q) / s.dot(y);
        q.scaled_add(alpha - beta, s);
    }
    q
}

fn norm(v: &Array1<f64>) -> f64 {
    v.dot(v).sqrt()
}

fn pack(fit: &Fit) -> Array1<f64> {
    fit.w.iter().chain(&fit.intercepts).copied().collect()
}

fn unpack(theta: &Array1<f64>, d: usize) -> Fit {
    Fit { w: theta.slice(s![..d]).to_owned(), intercepts: theta.iter().skip(d).copied().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn start(d: usize, tasks: usize) -> Fit {
        Fit { w: Array1::zeros(d), intercepts: vec![0.0; tasks] }
    }

    #[test]
    fn the_intercept_alone_is_the_log_odds() {
        let rows =
            Rows { x: Array2::zeros((4, 1)), sign: vec![1.0, 1.0, 1.0, -1.0], pairs: false, weight: 1.0 };
        let (fit, converged) = fit(&[rows], 1.0, start(1, 1));
        assert!(converged);
        assert!((fit.intercepts[0] - 3f64.ln()).abs() < 1e-3, "{}", fit.intercepts[0]);
        assert!(fit.w[0].abs() < 1e-6);
    }

    #[test]
    fn the_optimum_balances_penalty_and_pull() {
        // One pair with x = 1: the optimum solves l2·w = 1/(1 + e^w).
        let rows = Rows { x: array![[1.0f32]], sign: vec![1.0], pairs: true, weight: 1.0 };
        let (fit, converged) = fit(&[rows], 0.25, start(1, 1));
        assert!(converged);
        assert!((0.25 * fit.w[0] - 1.0 / (1.0 + fit.w[0].exp())).abs() < 1e-4);
        assert_eq!(fit.intercepts[0], 0.0);
    }
}
