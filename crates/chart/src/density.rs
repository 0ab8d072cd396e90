//! The smooth curve that shows a distribution. For drawing only.

/// A density on an even grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Density {
    /// Place and height of each grid point, ascending in place. The heights belong to weights that sum to 1.
    pub points: Vec<(f64, f64)>,
}

impl Density {
    /// The greatest height; 0 for an empty curve.
    pub fn peak(&self) -> f64 {
        self.points.iter().map(|p| p.1).fold(0.0, f64::max)
    }
}

/// Kernel width for drawing `n` values (Silverman's rule), in their unit.
pub fn bandwidth(standard_deviation: f64, n: usize) -> f64 {
    1.06 * standard_deviation * (n.max(1) as f64).powf(-0.2)
}

/// Number of grid cells between the axis' ends.
const CELLS: usize = 180;

/// Gaussian kernel density of `values` with `weights` between `low` and `high`; `bandwidth` in the values'
/// unit.
///
/// Values are first shared between the two nearest grid points (linear binning), so the cost is one pass over
/// the values plus one over the grid; what lies outside the axis still adds its tail.
pub fn density(
    values: &[f64],
    weights: impl Fn(usize) -> f64,
    low: f64,
    high: f64,
    bandwidth: f64,
) -> Density {
    let step = (high - low) / CELLS as f64;
    if step <= 0.0 || !step.is_finite() {
        return Density { points: Vec::new() };
    }
    // A bandwidth below a cell would draw the grid, not the data.
    let width = (bandwidth / step).clamp(1.0, CELLS as f64 / 4.0);
    let reach = (3.5 * width).ceil() as usize;
    let size = CELLS + 1 + 2 * reach;
    let mut mass = vec![0.0; size];
    for (i, value) in values.iter().enumerate() {
        let at = (value - low) / step + reach as f64;
        if at < 0.0 || at >= (size - 1) as f64 {
            continue;
        }
        let cell = at as usize;
        let part = at - cell as f64;
        let weight = weights(i);
        mass[cell] += weight * (1.0 - part);
        mass[cell + 1] += weight * part;
    }
    let kernel: Vec<f64> = (0..=reach).map(|d| (-0.5 * (d as f64 / width).powi(2)).exp()).collect();
    let total = (kernel[0] + 2.0 * kernel[1..].iter().sum::<f64>()) * step;
    let points = (0..=CELLS)
        .map(|cell| {
            let centre = cell + reach;
            let height: f64 =
                (centre - reach..=centre + reach).map(|at| mass[at] * kernel[at.abs_diff(centre)]).sum();
            (low + cell as f64 * step, height / total)
        })
        .collect();
    Density { points }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mass_is_one_when_all_values_are_inside() {
        let values = [0.2, 0.4, 0.45, 0.9];
        let curve = density(&values, |_| 0.25, -3.0, 4.0, 0.2);
        let mass: f64 = curve.points.iter().map(|p| p.1).sum::<f64>() * (7.0 / CELLS as f64);
        assert!((mass - 1.0).abs() < 1e-3, "{mass}");
    }

    #[test]
    fn weight_moves_the_peak() {
        let values = [0.0, 1.0];
        let curve = density(&values, |i| [0.1, 0.9][i], -1.0, 2.0, 0.1);
        let top = curve.points.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|p| p.0);
        assert!(top.is_some_and(|x| (x - 1.0).abs() < 0.02));
    }

    #[test]
    fn an_axis_without_length_gives_no_curve() {
        assert!(density(&[1.0], |_| 1.0, 1.0, 1.0, 0.1).points.is_empty());
    }
}
