//! How a quantity grows with another: the exponent of a power law.

/// The slope of the least squares line through the logarithms; `None` unless two points of different x are
/// above 0.
pub(super) fn exponent(points: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let logs: Vec<(f64, f64)> =
        points.filter(|(x, y)| *x > 0.0 && *y > 0.0).map(|(x, y)| (x.ln(), y.ln())).collect();
    let n = logs.len() as f64;
    let (mean_x, mean_y) =
        (logs.iter().map(|(x, _)| x).sum::<f64>() / n, logs.iter().map(|(_, y)| y).sum::<f64>() / n);
    let spread: f64 = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let together: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    (spread > 0.0).then(|| together / spread)
}

/// The middle one, or the mean of the two in the middle; 0 of none.
pub(super) fn median(x: impl Iterator<Item = f64>) -> f64 {
    let mut x: Vec<f64> = x.collect();
    x.sort_unstable_by(f64::total_cmp);
    match x.len() {
        0 => 0.0,
        n if n % 2 == 1 => x[n / 2],
        n => 0.5 * (x[n / 2 - 1] + x[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_law_is_found() {
        let law = |x: f64| (x, 3.0 * x.powf(1.25));
        let found = exponent([1.0, 10.0, 30.0, 1000.0].into_iter().map(law)).expect("an exponent");
        assert!((found - 1.25).abs() < 1e-12);
        let with_nothing = [(5.0, 0.0), (1.0, 2.0), (100.0, 20.0)];
        assert!((exponent(with_nothing.into_iter()).expect("an exponent") - 0.5).abs() < 1e-12);
        assert_eq!(exponent([(2.0, 3.0), (2.0, 4.0)].into_iter()), None);
        assert_eq!(exponent(std::iter::empty()), None);
    }

    #[test]
    fn medians() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
        assert_eq!(median(std::iter::empty()), 0.0);
    }
}
