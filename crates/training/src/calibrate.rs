//! Whether a log-odds means what it says: 0 for even, 1 for e to 1.

use super::logistic::{Fit, Rows, fit};
use ndarray::{Array1, Array2};

/// Score → scale · score + shift.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Calibration {
    pub scale: f64,
    pub shift: f64,
}

impl Calibration {
    /// The scale and shift under which the held-out `scores` are likeliest (Platt). Pairs have no shift.
    pub(crate) fn of(scores: &[f64], yes: &[bool], pairs: bool) -> Self {
        let x = Array2::from_shape_fn((scores.len(), 1), |(i, _)| scores[i] as f32);
        let sign = yes.iter().map(|y| if *y { 1.0 } else { -1.0 }).collect();
        // The little pull to 0 keeps the scale finite where everything is ranked rightly.
        let start = Fit { w: Array1::from_vec(vec![1.0]), intercepts: vec![0.0] };
        let (fit, _) = fit(&[Rows { x, sign, pairs, weight: 1.0 }], 1e-4, start);
        Calibration { scale: fit.w[0], shift: fit.intercepts[0] }
    }

    pub(crate) fn apply(self, score: f64) -> f64 {
        self.scale * score + self.shift
    }
}

/// How far stated probabilities are from what came true.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gap {
    /// Mean squared difference between the probability and what came true (0 or 1).
    pub brier: f64,
    /// Over ten bins of like many rows: the mean |share that came true − mean probability|.
    pub ece: f64,
}

/// The gap of log-odds `scores`. Of a pair, the probability that its higher answer is the better one counts.
pub(crate) fn gap(scores: &[f64], yes: &[bool], pairs: bool) -> Gap {
    const BINS: usize = 10;
    let chance = |z: f64| 1.0 / (1.0 + (-z).exp());
    let mut rows: Vec<(f64, f64)> =
        scores
            .iter()
            .zip(yes)
            .map(|(s, y)| {
                if pairs {
                    (chance(s.abs()), f64::from((*s > 0.0) == *y))
                } else {
                    (chance(*s), f64::from(*y))
                }
            })
            .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n = rows.len();
    let brier = rows.iter().map(|(p, y)| (p - y) * (p - y)).sum::<f64>() / n as f64;
    let bin = |b: usize| &rows[b * n / BINS..(b + 1) * n / BINS];
    let ece = (0..BINS).map(|b| bin(b).iter().map(|(p, y)| p - y).sum::<f64>().abs()).sum::<f64>() / n as f64;
    Gap { brier, ece }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows whose true log-odds is ±1 (0.731 of them come true), told as three times that; the true ones
    /// stand scattered.
    fn overconfident() -> (Vec<f64>, Vec<bool>) {
        (0..2000)
            .map(|i| (if i % 2 == 0 { 3.0 } else { -3.0 }, (i / 2 * 337 % 1000 < 731) == (i % 2 == 0)))
            .unzip()
    }

    #[test]
    fn an_overconfident_score_is_shrunk() {
        let (scores, yes) = overconfident();
        let found = Calibration::of(&scores, &yes, false);
        assert!((found.scale - 1.0 / 3.0).abs() < 0.01 && found.shift.abs() < 0.05, "{found:?}");
        let before = gap(&scores, &yes, false);
        let after = gap(&scores.iter().map(|s| found.apply(*s)).collect::<Vec<_>>(), &yes, false);
        assert!(after.brier < before.brier && after.ece < 0.05 && before.ece > 0.2, "{before:?} {after:?}");
    }

    #[test]
    fn a_sure_score_that_is_right_has_no_gap() {
        let sure = gap(&[40.0, -40.0], &[true, false], false);
        assert!(sure.brier < 1e-9 && sure.ece < 1e-9);
        let wrong = gap(&[40.0], &[false], true);
        assert!((wrong.brier - 1.0).abs() < 1e-9);
    }
}
