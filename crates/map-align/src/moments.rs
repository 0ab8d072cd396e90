//! Mean and standard deviation of a column of any finite numbers.

use super::shares::Shares;

/// Weighted moments, held as fractions of a power of two so that columns near the largest or the smallest
/// float stay exact.
pub(super) struct Moments {
    scale: f64,
    mean: f64,
    sd: f64,
}

impl Moments {
    pub(crate) fn mean(&self) -> f64 {
        self.mean * self.scale
    }

    /// 0 when the spread is within rounding of the mean.
    pub(crate) fn standard_deviation(&self) -> f64 {
        self.sd * self.scale
    }

    pub(crate) fn standardise(&self, x: f64) -> f64 {
        if self.sd > 0.0 { (x / self.scale - self.mean) / self.sd } else { 0.0 }
    }
}

pub(super) fn moments(column: &[f64], shares: &Shares) -> Moments {
    let (lowest, highest) =
        column.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(*x), h.max(*x)));
    let largest = highest.abs().max(lowest.abs());
    // A power of two divides without rounding. Half of the largest number: the spread of a column can be
    // twice that.
    let scale =
        if largest > 0.0 { 2f64.powi((largest.log2().floor() as i32).clamp(-1000, 1000)) } else { 1.0 };
    if lowest == highest {
        return Moments { scale, mean: lowest / scale, sd: 0.0 };
    }
    // Shifted by a middle value, so that a small spread about a large mean is not lost to rounding.
    let middle = 0.5 * (lowest / scale) + 0.5 * (highest / scale);
    let offset = expectation(column, shares, |x| x / scale - middle);
    let mean = middle + offset;
    let spread = (highest / scale - mean).max(mean - lowest / scale);
    if spread <= 8.0 * f64::EPSILON * mean.abs() {
        return Moments { scale, mean, sd: 0.0 };
    }
    let variance = expectation(column, shares, |x| ((x / scale - mean) / spread).powi(2));
    Moments { scale, mean, sd: spread * variance.sqrt() }
}

/// Σ π_g q_gj f(x_gj).
fn expectation(column: &[f64], shares: &Shares, f: impl Fn(f64) -> f64) -> f64 {
    let mut total = 0.0;
    shares.for_each(|rows, share, logs| {
        let column = &column[rows];
        total += match logs {
            None => share * column.iter().map(|x| f(*x)).sum::<f64>(),
            Some(logs) => share * column.iter().zip(logs).map(|(x, l)| l.exp() * f(*x)).sum::<f64>(),
        };
    });
    total
}
