//! Mean and quantile of a column of rewards.

/// Arithmetic mean; 0 for an empty column.
pub fn mean(column: &[f64]) -> f64 {
    if column.is_empty() {
        return 0.0;
    }
    // Dividing before summing keeps columns near the largest float finite.
    let n = column.len() as f64;
    column.iter().map(|x| x / n).sum()
}

/// Standard deviation with divisor n (the base distribution's own, not an estimate); 0 for an empty column.
pub fn standard_deviation(column: &[f64]) -> f64 {
    if column.is_empty() {
        return 0.0;
    }
    let m = mean(column);
    let largest = column.iter().map(|x| (x - m).abs()).fold(0.0, f64::max);
    if largest == 0.0 {
        return 0.0;
    }
    let n = column.len() as f64;
    largest * column.iter().map(|x| ((x - m) / largest).powi(2) / n).sum::<f64>().sqrt()
}

/// The `q`-quantile by linear interpolation between order statistics (the default of NumPy and of R's type
/// 7), `q` held to 0..1. 0 for an empty column.
pub fn quantile(column: &[f64], q: f64) -> f64 {
    if column.is_empty() {
        return 0.0;
    }
    let mut part = column.to_vec();
    let at = q.clamp(0.0, 1.0) * (part.len() - 1) as f64;
    let low = at.floor() as usize;
    // Two order statistics need no sorting of the whole.
    let (_, below, above) = part.select_nth_unstable_by(low, f64::total_cmp);
    let below = *below;
    let above = above.iter().copied().min_by(f64::total_cmp).unwrap_or(below);
    let share = at - low as f64;
    below * (1.0 - share) + above * share
}

/// The same of a column in ascending order.
pub fn quantile_of_sorted(sorted: &[f64], q: f64) -> f64 {
    if sorted.is_empty() {
        return 0.0;
    }
    let at = q.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let low = at.floor() as usize;
    let above = sorted[(low + 1).min(sorted.len() - 1)];
    let share = at - low as f64;
    sorted[low] * (1.0 - share) + above * share
}

/// The share of the column that lies below `level`: the inverse of [`quantile`], between 0 and 1.
pub fn quantile_of(column: &[f64], level: f64) -> f64 {
    let n = column.len();
    if n < 2 {
        return 0.5;
    }
    // Its neighbours among the column's entries, and how many are not above it.
    let (mut below, mut above, mut not_above) = (f64::NEG_INFINITY, f64::INFINITY, 0usize);
    for x in column {
        if *x <= level {
            not_above += 1;
            below = below.max(*x);
        } else {
            above = above.min(*x);
        }
    }
    match not_above {
        0 => 0.0,
        all if all == n => 1.0,
        _ => ((not_above - 1) as f64 + (level - below) / (above - below)) / (n - 1) as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantile_interpolates_as_numpy_does() {
        let x = [3.0, 1.0, 4.0, 1.0, 5.0];
        assert_eq!(quantile(&x, 0.0), 1.0);
        assert_eq!(quantile(&x, 0.5), 3.0);
        assert!((quantile(&x, 0.8) - 4.2).abs() < 1e-12);
        assert_eq!(quantile(&x, 1.0), 5.0);
        for q in [0.0, 0.1, 0.5, 0.77, 1.0] {
            assert_eq!(quantile(&x, q), quantile_of_sorted(&[1.0, 1.0, 3.0, 4.0, 5.0], q));
        }
    }

    #[test]
    fn quantile_of_inverts_quantile() {
        let x = [3.0, 1.5, 4.0, 1.0, 5.0];
        for q in [0.0, 0.1, 0.33, 0.5, 0.77, 1.0] {
            assert!((quantile_of(&x, quantile(&x, q)) - q).abs() < 1e-12);
        }
    }

    #[test]
    fn deviation_of_huge_numbers_is_finite() {
        let x = [1e300, -1e300];
        assert!((standard_deviation(&x) / 1e300 - 1.0).abs() < 1e-12);
        assert_eq!(standard_deviation(&[7.0; 4]), 0.0);
    }
}
