//! Intervals of means, and what they take.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// The 97.5% point of the normal distribution.
pub const NORMAL_95: f64 = 1.959_963_984_540_054;

/// The `q`-quantile of Student's t with `degrees` of freedom: infinite with none.
pub fn student(q: f64, degrees: usize) -> f64 {
    match StudentsT::new(0.0, 1.0, degrees as f64) {
        Ok(t) if degrees > 0 => t.inverse_cdf(q),
        _ => f64::INFINITY.copysign(q - 0.5),
    }
}

/// The `q`-quantile of the normal distribution.
pub fn normal(q: f64) -> f64 {
    Normal::standard().inverse_cdf(q)
}

/// A mean over prompts.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Estimate {
    pub mean: f64,
    /// 95% interval by Student's t; `None` with fewer than two prompts.
    pub interval: Option<[f64; 2]>,
}

impl Estimate {
    /// The mean of `x`, one number for each prompt.
    pub fn of(x: &[f64]) -> Self {
        let mean = x.iter().sum::<f64>() / x.len().max(1) as f64;
        let half = standard_error(x).map(|error| student(0.975, x.len() - 1) * error);
        Estimate { mean, interval: half.map(|half| [mean - half, mean + half]) }
    }
}

/// Standard error of the mean of `x`; `None` with fewer than two numbers.
pub fn standard_error(x: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    if x.len() < 2 {
        return None;
    }
    let mean = x.iter().sum::<f64>() / n;
    let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    Some((variance / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student_points_agree_with_tables() {
        for (degrees, expected) in [
            (1, 12.7062),
            (2, 4.30265),
            (3, 3.18245),
            (5, 2.57058),
            (10, 2.22814),
            (30, 2.04227),
            (1000, 1.96234),
        ] {
            let got = student(0.975, degrees);
            assert!((got / expected - 1.0).abs() < 1e-5, "{degrees}: {got}, expected {expected}");
        }
        assert_eq!(student(0.5, 7), 0.0);
        assert!((normal(0.9) - 1.281_551_565_5).abs() < 1e-9);
    }

    #[test]
    fn interval_of_a_known_sample() {
        let Estimate { mean, interval } = Estimate::of(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        let [low, high] = interval.expect("an interval");
        assert!((mean - 3.0).abs() < 1e-12 && (low - 1.0368).abs() < 1e-3 && (high - 4.9632).abs() < 1e-3);
        assert_eq!(Estimate::of(&[1.0]).interval, None);
    }
}
