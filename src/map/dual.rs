//! The concave dual g(λ) = λ·c − Σ_g π_g log Σ_j q_gj exp(λ·r_gj) and its derivatives, in standardised units.

use super::problem::Problem;
use ndarray::Array2;

/// g with its first two derivatives at one λ.
pub(super) struct Point {
    /// g(λ), nats.
    pub value: f64,
    /// E_w[z]: the realised levels. ∇g = c − realised.
    pub realised: Vec<f64>,
    /// −∇²g = Σ π_g Cov_w(z), m × m.
    pub covariance: Array2<f64>,
}

/// Answer probabilities w_gj ∝ q_gj exp(λ·z_gj), summing to 1 in each group, and Σ_g π_g log Σ_j q_gj exp(λ·z_gj).
/// Every sum of exponentials is shifted by its maximum.
pub(super) fn weights(problem: &Problem, lambda: &[f64]) -> (Vec<f64>, f64) {
    let mut w: Vec<f64> = problem
        .z
        .rows()
        .into_iter()
        .zip(&problem.log_base)
        .map(|(z, q)| q + z.iter().zip(lambda).map(|(z, l)| z * l).sum::<f64>())
        .collect();
    let mut log_partition = 0.0;
    for (group, pi) in problem.groups.iter().zip(&problem.group_weight) {
        let scores = &mut w[group.clone()];
        let shift = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut sum = 0.0;
        for s in scores.iter_mut() {
            *s = (*s - shift).exp();
            sum += *s;
        }
        for s in scores.iter_mut() {
            *s /= sum;
        }
        log_partition += pi * (shift + sum.ln());
    }
    (w, log_partition)
}

/// g, gradient and Hessian at `lambda` for the palette `c` (standardised; 0 where off, with λ 0 there).
pub(super) fn point(problem: &Problem, lambda: &[f64], c: &[f64]) -> Point {
    let m = problem.values();
    let (w, log_partition) = weights(problem, lambda);
    let value = lambda.iter().zip(c).map(|(l, c)| l * c).sum::<f64>() - log_partition;
    let mut realised = vec![0.0; m];
    let mut covariance = Array2::<f64>::zeros((m, m));
    let mut mean = vec![0.0; m];
    let mut centred = vec![0.0; m];
    for (group, pi) in problem.groups.iter().zip(&problem.group_weight) {
        mean.fill(0.0);
        for row in group.clone() {
            for (mean, z) in mean.iter_mut().zip(problem.z.row(row)) {
                *mean += w[row] * z;
            }
        }
        for (total, mean) in realised.iter_mut().zip(&mean) {
            *total += pi * mean;
        }
        // Centred before multiplying: E[zz'] − E[z]E[z]' would lose everything where the weights are nearly on one answer.
        for row in group.clone() {
            let weight = pi * w[row];
            if weight == 0.0 {
                continue;
            }
            for ((x, z), mean) in centred.iter_mut().zip(problem.z.row(row)).zip(&mean) {
                *x = z - mean;
            }
            for i in 0..m {
                let scaled = weight * centred[i];
                for j in 0..=i {
                    covariance[[i, j]] += scaled * centred[j];
                }
            }
        }
    }
    for i in 0..m {
        for j in 0..i {
            covariance[[j, i]] = covariance[[i, j]];
        }
    }
    Point { value, realised, covariance }
}

/// g(λ) alone.
pub(super) fn value(problem: &Problem, lambda: &[f64], c: &[f64]) -> f64 {
    lambda.iter().zip(c).map(|(l, c)| l * c).sum::<f64>() - weights(problem, lambda).1
}

/// Σ π_g KL(w_g ‖ q_g), nats.
pub(super) fn kl(problem: &Problem, w: &[f64]) -> f64 {
    problem
        .groups
        .iter()
        .zip(&problem.group_weight)
        .map(|(g, pi)| pi * g.clone().filter(|&j| w[j] > 0.0).map(|j| w[j] * (w[j].ln() - problem.log_base[j])).sum::<f64>())
        .sum::<f64>()
        .max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    fn example() -> Problem {
        let r = Array2::from_shape_fn((12, 3), |(i, j)| ((i * 7 + j * 5) as f64 * 0.9).sin() + 0.1 * j as f64);
        Problem::new(&r, &[4, 3, 5]).expect("a good table")
    }

    #[test]
    fn derivatives_agree_with_finite_differences() {
        let problem = example();
        let (lambda, c, h) = ([0.7, -0.4, 1.3], [0.2, 0.3, -0.1], 1e-5);
        let at = point(&problem, &lambda, &c);
        for i in 0..3 {
            let (mut up, mut down) = (lambda, lambda);
            up[i] += h;
            down[i] -= h;
            let slope = (value(&problem, &up, &c) - value(&problem, &down, &c)) / (2.0 * h);
            assert!((slope - (c[i] - at.realised[i])).abs() < 1e-8);
            let (pu, pd) = (point(&problem, &up, &c), point(&problem, &down, &c));
            for j in 0..3 {
                let bend = (pu.realised[j] - pd.realised[j]) / (2.0 * h);
                assert!((bend - at.covariance[[i, j]]).abs() < 1e-8);
            }
        }
    }

    #[test]
    fn enormous_weights_do_not_overflow() {
        let problem = example();
        let (w, log_partition) = weights(&problem, &[1e6, -1e6, 1e5]);
        assert!(log_partition.is_finite() && w.iter().all(|w| w.is_finite()));
        assert!((w.iter().sum::<f64>() - 3.0).abs() < 1e-12);
    }
}
