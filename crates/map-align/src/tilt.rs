//! What a λ that was not solved for does: levels and price under it, and the size at which weights of given
//! proportions spend a given KL divergence.

use super::primal;
use super::problem::Problem;

/// The weights that a λ stands for, and what they realise.
#[derive(Clone, Debug, PartialEq)]
pub struct Tilt {
    /// Probability of each answer, as [`Solution::weights`](crate::Solution::weights).
    pub weights: Vec<f64>,
    /// Realised levels, one per column, in own units.
    pub realised: Vec<f64>,
    /// KL divergence to the base, nats.
    pub kl: f64,
}

/// Tilts the base by `lambda`: w_gj ∝ q_gj exp(λ·r_gj), λ in nats per unit, one entry per column.
pub fn tilt(problem: &Problem, lambda: &[f64]) -> Tilt {
    let weights = primal::weights(problem, &standardised(problem, lambda));
    let levels = primal::levels(problem, &weights);
    Tilt {
        realised: levels.into_iter().enumerate().map(|(i, z)| problem.level(i, z)).collect(),
        kl: primal::kl(problem, &weights),
        weights,
    }
}

/// The s ≥ 0 at which tilting by λ = s·`direction` (nats per unit, one entry per column) spends `kl` nats;
/// `None` where no size spends as much.
///
/// KL grows with s: its slope is s·Σ_g π_g Var_w(direction·r). About s = 0 its root is nearly linear, so
/// Newton's method runs on √KL, within a shrinking bracket.
pub fn scale_to_kl(problem: &Problem, direction: &[f64], kl: f64) -> Option<f64> {
    /// KL is met within this, relative to 1 + KL.
    const SAME: f64 = 1e-13;
    if kl <= 0.0 {
        return (kl == 0.0).then_some(0.0);
    }
    let ray = Ray::new(problem, &standardised(problem, direction));
    let spread = ray.at(0.0).variance.sqrt();
    if !(spread.is_finite() && spread > 0.0) {
        return None;
    }
    let (mut low, mut high) = (0.0, f64::INFINITY);
    let mut s = (2.0 * kl).sqrt() / spread;
    for _ in 0..200 {
        let at = ray.at(s);
        if (at.kl - kl).abs() <= SAME * (1.0 + kl) {
            return Some(s);
        }
        if at.kl < kl {
            low = s;
        } else {
            high = s;
        }
        let newton = s + 2.0 * at.kl.sqrt() * (kl.sqrt() - at.kl.sqrt()) / (s * at.variance);
        let next = if newton > low && newton < high && newton < 4.0 * s {
            newton
        } else if high.is_finite() {
            0.5 * (low + high)
        } else {
            2.0 * s
        };
        // Beyond this every answer but the best of its group has weight 0.
        if next * spread > 1e9 {
            return None;
        }
        if next == s || next <= low || next >= high {
            // Neighbouring floats: rounding sets the end.
            return ((at.kl - kl).abs() <= 1e-9 * (1.0 + kl)).then_some(s);
        }
        s = next;
    }
    None
}

fn standardised(problem: &Problem, lambda: &[f64]) -> Vec<f64> {
    let mut standardised = vec![0.0; problem.values()];
    for (i, (to, from)) in standardised.iter_mut().zip(lambda).enumerate() {
        *to = from * problem.standard_deviation(i);
    }
    standardised
}

/// Tiltings by one direction at any size.
struct Ray<'a> {
    problem: &'a Problem,
    /// Direction·z of every row.
    score: Vec<f64>,
}

/// One of them.
struct At {
    kl: f64,
    /// Σ_g π_g Var_w of the score.
    variance: f64,
}

impl<'a> Ray<'a> {
    fn new(problem: &'a Problem, direction: &[f64]) -> Self {
        let mut score = vec![0.0; problem.rows()];
        for (i, d) in direction.iter().enumerate().filter(|(_, d)| **d != 0.0) {
            score.iter_mut().zip(problem.column(i)).for_each(|(s, z)| *s += d * z);
        }
        Ray { problem, score }
    }

    fn at(&self, s: f64) -> At {
        let mut at = At { kl: 0.0, variance: 0.0 };
        let mut exponents = Vec::new();
        for (g, pi) in self.problem.groups.iter().zip(&self.problem.group_weight) {
            exponents.clear();
            exponents.extend(g.clone().map(|j| s * self.score[j] + self.problem.log_base(j, g.len())));
            let shift = exponents.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let (mut sum, mut first) = (0.0, 0.0);
            for (e, t) in exponents.iter_mut().zip(&self.score[g.clone()]) {
                *e = (*e - shift).exp();
                sum += *e;
                first += *e * t;
            }
            let mean = first / sum;
            let second: f64 =
                exponents.iter().zip(&self.score[g.clone()]).map(|(e, t)| e * (t - mean).powi(2)).sum();
            at.kl += pi * (s * mean - shift - sum.ln());
            at.variance += pi * second / sum;
        }
        at.kl = at.kl.max(0.0);
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BaseWeights, Bounds, solve};
    use ndarray::{Array2, array};

    #[test]
    fn a_solution_is_the_tilt_by_its_lambda() {
        let rewards = Array2::from_shape_fn((60, 2), |(j, i)| ((j * (7 + 4 * i)) as f64 * 0.9).sin());
        let answers: Vec<f64> = (0..60).map(|j| 1.0 + (j % 3) as f64).collect();
        let weights = BaseWeights { answers: Some(&answers), groups: None };
        let problem = Problem::weighted(rewards, &[20, 25, 15], weights).expect("a good table");
        let bounds = [Bounds::at_least(0.2), Bounds::at_most(-0.1)];
        let solution = solve(&problem, &bounds, None);
        assert!(solution.converged() && solution.kl > 0.01);
        let tilted = tilt(&problem, &solution.lambda);
        assert!((tilted.kl - solution.kl).abs() < 1e-12);
        assert!(tilted.realised.iter().zip(&solution.realised).all(|(a, b)| (a - b).abs() < 1e-12));
        // Weights in the same proportions of any size come back to it.
        let direction: Vec<f64> = solution.lambda.iter().map(|l| l * 37.0).collect();
        let s = scale_to_kl(&problem, &direction, solution.kl).expect("a size");
        assert!((s * 37.0 - 1.0).abs() < 1e-6, "{s}");
    }

    #[test]
    fn two_answers_by_hand() {
        let problem = Problem::new(array![[0.0], [1.0]], &[2]).expect("a good table");
        let tilted = tilt(&problem, &[3f64.ln()]);
        assert!((tilted.realised[0] - 0.75).abs() < 1e-12);
        let kl = 0.75 * 1.5f64.ln() + 0.25 * 0.5f64.ln();
        assert!((tilted.kl - kl).abs() < 1e-12);
        assert!((scale_to_kl(&problem, &[1.0], kl).expect("a size") - 3f64.ln()).abs() < 1e-9);
        assert_eq!(scale_to_kl(&problem, &[1.0], 0.0), Some(0.0));
        // No choice between two spends more than ln 2; just below it can be had.
        assert_eq!(scale_to_kl(&problem, &[1.0], 0.7), None);
        assert!(scale_to_kl(&problem, &[1.0], 2f64.ln() - 1e-6).is_some());
        assert_eq!(scale_to_kl(&problem, &[0.0], 0.1), None);
    }
}
