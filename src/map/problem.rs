//! The samples that a palette is solved on, standardised.

use ndarray::{Array2, ArrayView1};
use std::ops::Range;

/// Samples in groups, with rewards in their own units and in standard deviations from the base mean.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Standardised rewards, n × m: (r − mean) / sd; 0 where the column is constant.
    pub(super) z: Array2<f64>,
    /// Rows of each group.
    pub(super) groups: Vec<Range<usize>>,
    /// log q_gj for each row; q sums to 1 in each group.
    pub(super) log_base: Vec<f64>,
    /// π_g for each group; sums to 1.
    pub(super) group_weight: Vec<f64>,
    mean: Vec<f64>,
    sd: Vec<f64>,
}

/// Why samples cannot be a problem.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ProblemError {
    #[error("There are no answers to choose between.")]
    Empty,
    #[error("Row {row}, value {column}: a reward is not a finite number.")]
    NotFinite { row: usize, column: usize },
    #[error("The groups name {named} rows, but the table has {rows}.")]
    Groups { named: usize, rows: usize },
}

impl Problem {
    /// Groups of consecutive rows of `sizes` (none of them 0), all groups and all answers within a group weighing the same.
    /// `rewards` is n × m.
    ///
    /// # Errors
    /// When there are no rows, a reward is not finite, or the sizes do not add up to n.
    pub fn new(rewards: &Array2<f64>, sizes: &[usize]) -> Result<Self, ProblemError> {
        let (n, m) = rewards.dim();
        if n == 0 || sizes.is_empty() {
            return Err(ProblemError::Empty);
        }
        if sizes.iter().sum::<usize>() != n || sizes.contains(&0) {
            return Err(ProblemError::Groups { named: sizes.iter().sum(), rows: n });
        }
        if let Some(((row, column), _)) = rewards.indexed_iter().find(|(_, r)| !r.is_finite()) {
            return Err(ProblemError::NotFinite { row, column });
        }
        let mut groups = Vec::with_capacity(sizes.len());
        let mut log_base = Vec::with_capacity(n);
        let mut start = 0;
        for &size in sizes {
            groups.push(start..start + size);
            log_base.extend(std::iter::repeat_n(-(size as f64).ln(), size));
            start += size;
        }
        let group_weight = vec![1.0 / sizes.len() as f64; sizes.len()];
        let row_weight: Vec<f64> =
            groups.iter().zip(&group_weight).flat_map(|(g, w)| std::iter::repeat_n(w / g.len() as f64, g.len())).collect();

        let (mut mean, mut sd) = (vec![0.0; m], vec![0.0; m]);
        let mut z = rewards.clone();
        for i in 0..m {
            (mean[i], sd[i]) = moments(rewards.column(i), &row_weight);
            for x in z.column_mut(i) {
                *x = if sd[i] > 0.0 { (*x - mean[i]) / sd[i] } else { 0.0 };
            }
        }
        Ok(Problem { z, groups, log_base, group_weight, mean, sd })
    }

    /// Number of answers n.
    pub fn rows(&self) -> usize {
        self.z.nrows()
    }

    /// Number of values m.
    pub fn values(&self) -> usize {
        self.z.ncols()
    }

    /// Base mean of value `i`, in its own unit.
    pub fn mean(&self, i: usize) -> f64 {
        self.mean[i]
    }

    /// Base standard deviation of value `i`, in its own unit; 0 when the column is constant.
    pub fn standard_deviation(&self, i: usize) -> f64 {
        self.sd[i]
    }

    /// A level in value `i`'s own unit as standard deviations above the base mean. For a constant column: 0 where the constant itself
    /// meets the level, else infinite.
    pub(super) fn standardise(&self, i: usize, level: f64) -> f64 {
        let above = level - self.mean[i];
        if self.sd[i] > 0.0 {
            above / self.sd[i]
        } else if above <= 1e-12 * self.mean[i].abs() {
            0.0
        } else {
            f64::INFINITY
        }
    }

    /// The inverse of [`Problem::standardise`] for finite numbers.
    pub(super) fn level(&self, i: usize, standardised: f64) -> f64 {
        self.mean[i] + self.sd[i] * standardised
    }

    /// The largest KL divergence that any choice of answers can have: Σ π_g max_j log 1/q_gj, nats.
    pub fn largest_kl(&self) -> f64 {
        self.groups
            .iter()
            .zip(&self.group_weight)
            .map(|(g, w)| -w * self.log_base[g.clone()].iter().copied().fold(f64::INFINITY, f64::min))
            .sum()
    }
}

/// Weighted mean and standard deviation, safe for columns near the largest float. A spread within rounding of the mean counts as none.
fn moments(column: ArrayView1<f64>, weight: &[f64]) -> (f64, f64) {
    let mean: f64 = column.iter().zip(weight).map(|(x, w)| x * w).sum();
    let (lowest, highest) = column.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(*x), h.max(*x)));
    if lowest == highest {
        return (lowest, 0.0);
    }
    let largest = (highest - mean).max(mean - lowest);
    if largest <= 8.0 * f64::EPSILON * mean.abs() {
        return (mean, 0.0);
    }
    let variance: f64 = column.iter().zip(weight).map(|(x, w)| w * ((x - mean) / largest).powi(2)).sum();
    (mean, largest * variance.sqrt())
}
