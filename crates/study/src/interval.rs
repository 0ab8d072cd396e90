//! 95% intervals.

/// The 97.5% point of the normal distribution.
pub const NORMAL_95: f64 = 1.959_963_984_540_054;

/// The 97.5% point of Student's t with `degrees` ≥ 1 degrees of freedom, to about 1e-3: exact values up to 2,
/// then the expansion of Abramowitz and Stegun 26.7.5 in 1/ν about the normal point.
pub fn student_95(degrees: usize) -> f64 {
    match degrees {
        0 => f64::INFINITY,
        1 => 12.706_204_736,
        2 => 4.302_652_730,
        _ => {
            let (x, v) = (NORMAL_95, degrees as f64);
            x + (x.powi(3) + x) / (4.0 * v)
                + (5.0 * x.powi(5) + 16.0 * x.powi(3) + 3.0 * x) / (96.0 * v.powi(2))
                + (3.0 * x.powi(7) + 19.0 * x.powi(5) + 17.0 * x.powi(3) - 15.0 * x) / (384.0 * v.powi(3))
                + (79.0 * x.powi(9) + 776.0 * x.powi(7) + 1482.0 * x.powi(5) - 1920.0 * x.powi(3) - 945.0 * x)
                    / (92160.0 * v.powi(4))
        }
    }
}

/// Mean of `x` and its 95% interval by Student's t; no interval with fewer than two numbers.
pub fn mean_with_interval(x: &[f64]) -> (f64, Option<[f64; 2]>) {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n.max(1.0);
    if x.len() < 2 {
        return (mean, None);
    }
    let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let half = student_95(x.len() - 1) * (variance / n).sqrt();
    (mean, Some([mean - half, mean + half]))
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
            let got = student_95(degrees);
            assert!((got / expected - 1.0).abs() < 2e-3, "{degrees}: {got}, expected {expected}");
        }
    }

    #[test]
    fn interval_of_a_known_sample() {
        let (mean, interval) = mean_with_interval(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        let [low, high] = interval.expect("an interval");
        assert!((mean - 3.0).abs() < 1e-12 && (low - 1.0368).abs() < 2e-3 && (high - 4.9632).abs() < 2e-3);
        assert_eq!(mean_with_interval(&[1.0]).1, None);
    }
}
