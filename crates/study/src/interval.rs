//! Intervals of means, and what they take.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// The 97.5% point of the normal distribution.
pub const NORMAL_95: f64 = 1.959_963_984_540_054;

/// Beyond so many degrees of freedom statrs loses digits, and the first term of the Cornish–Fisher expansion is exact
/// to 1e-8.
const MANY: f64 = 10_000.0;

/// The `q`-quantile of Student's t with `degrees` of freedom: infinite with none.
pub fn student(q: f64, degrees: usize) -> f64 {
    student_at(q, degrees as f64)
}

/// The `q`-quantile of Student's t with a number of degrees of freedom that need not be whole, as Welch's are.
pub(crate) fn student_at(q: f64, degrees: f64) -> f64 {
    if degrees > MANY {
        let z = normal(q);
        return z + (z.powi(3) + z) / (4.0 * degrees);
    }
    match StudentsT::new(0.0, 1.0, degrees) {
        Ok(t) => t.inverse_cdf(q),
        Err(_) => f64::INFINITY.copysign(q - 0.5),
    }
}

/// The chance that Student's t with `degrees` of freedom, 1 or more, is at most `t`.
pub(crate) fn below(t: f64, degrees: usize) -> f64 {
    StudentsT::new(0.0, 1.0, degrees as f64).map_or(f64::NAN, |distribution| distribution.cdf(t))
}

/// The `q`-quantile of the normal distribution.
pub fn normal(q: f64) -> f64 {
    Normal::standard().inverse_cdf(q)
}

/// What a 95% percentile interval over resamples of `units` leaves outside at either end: the resamples spread as
/// √((n−1)/n) times the standard error, and know nothing of the t that few units take (T. Hesterberg, “What teachers
/// should know about the bootstrap”, The American Statistician 69, 2015, section 3: expanded percentile interval).
pub fn expanded_tail(units: usize) -> f64 {
    if units < 2 {
        return 0.0;
    }
    let n = units as f64;
    Normal::standard().cdf((n / (n - 1.0)).sqrt() * student(0.025, units - 1))
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

impl Estimate {
    /// The mean of `x`, one number for each prompt, which weigh `shares` (they sum to 1).
    pub(crate) fn weighted(x: &[f64], shares: &[f64]) -> Self {
        let mean = x.iter().zip(shares).map(|(x, s)| s * x).sum();
        let half = (x.len() > 1).then(|| student(0.975, x.len() - 1) * weighted_error(x, shares));
        Estimate { mean, interval: half.map(|half| [mean - half, mean + half]) }
    }
}

/// Standard error of the mean of `x`, whose entries weigh `shares` (they sum to 1): √(n/(n−1) Σ s²(x − x̄)²). Infinite
/// with fewer than two.
pub(crate) fn weighted_error(x: &[f64], shares: &[f64]) -> f64 {
    let n = x.len() as f64;
    if x.len() < 2 {
        return f64::INFINITY;
    }
    let mean: f64 = x.iter().zip(shares).map(|(x, s)| s * x).sum();
    let sum: f64 = x.iter().zip(shares).map(|(x, s)| (s * (x - mean)).powi(2)).sum();
    (n / (n - 1.0) * sum).sqrt()
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
    fn student_of_many_degrees_is_all_but_normal() {
        // The second term of the expansion is far below a rounding of the first here.
        for (degrees, expected) in
            [(9_999, -1.960_201_263_6), (99_999, -1.959_987_707_8), (9_999_999, -1.959_964_2)]
        {
            assert!((student(0.025, degrees) - expected).abs() < 1e-7, "{degrees}");
        }
    }

    #[test]
    fn resamples_of_few_units_leave_less_outside() {
        // √(10/9)·2.26216 = 2.38452, and Φ(−2.38452) = 0.0085506.
        assert!((expanded_tail(10) - 0.008_550_6).abs() < 1e-6, "{}", expanded_tail(10));
        assert!((expanded_tail(1_000_000) - 0.025).abs() < 1e-6);
        assert_eq!(expanded_tail(1), 0.0);
    }

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
