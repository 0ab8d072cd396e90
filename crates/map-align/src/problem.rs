//! The samples that a palette is solved on, standardised.

use super::derivatives::Derivatives;
use super::moments::moments;
use super::shares::Shares;
use ndarray::Array2;
use std::ops::Range;
use std::sync::OnceLock;

/// The samples that palettes are solved on: answers in groups, each answer with one reward per value.
///
/// Levels and bounds are in the rewards' own units; within, everything is in standard deviations from the
/// base mean, so that units from 1e-300 to 1e300 do not matter.
///
/// ```
/// use map_align::{BaseWeights, Problem};
/// use ndarray::array;
///
/// // Three answers to one prompt and two to another, one value.
/// let rewards = array![[0.0], [1.0], [2.0], [4.0], [6.0]];
/// let problem = Problem::new(rewards.clone(), &[3, 2])?;
/// assert_eq!((problem.rows(), problem.values(), problem.group_count()), (5, 1, 2));
/// assert_eq!(problem.mean(0), 3.0);
///
/// // The first prompt counts three times as much.
/// let weights = BaseWeights { answers: None, groups: Some(&[3.0, 1.0]) };
/// assert_eq!(Problem::weighted(rewards, &[3, 2], weights)?.mean(0), 2.0);
/// # Ok::<(), map_align::ProblemError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Problem {
    /// Standardised rewards, m × n, each value's column contiguous: (r − mean) / sd; 0 where the column is
    /// constant.
    pub(super) z: Array2<f64>,
    /// Rows of each group.
    pub(super) groups: Vec<Range<usize>>,
    /// log q_gj for each row, where q (summing to 1 in each group) is not uniform.
    pub(super) log_base: Option<Vec<f64>>,
    /// π_g for each group; sums to 1.
    pub(super) group_weight: Vec<f64>,
    /// Standardised base means: 0 for a whole table, not for a resample that keeps its table's units.
    pub(super) base: Vec<f64>,
    pub(super) mean: Vec<f64>,
    pub(super) sd: Vec<f64>,
    /// Columns whose bounds belong to the problem, not to the palette; shorter than the columns where the
    /// rest does not.
    pub(super) fixed: Vec<bool>,
    /// Where rows of weight 0 were left out: the row of the table that each row here is.
    kept: Option<Vec<usize>>,
    table_rows: usize,
    /// The dual at λ = 0 over all columns, once it was needed.
    pub(super) at_base: OnceLock<Derivatives>,
    /// The lowest and highest level that each column can have on its own, once they were needed.
    pub(super) extremes: OnceLock<Vec<[f64; 2]>>,
}

/// Why samples cannot be a problem.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ProblemError {
    /// No rows, no groups, or weight 0 for all.
    #[error("There are no answers to choose between.")]
    Empty,
    /// A reward is infinite or not a number.
    #[error("Row {row}, value {column}: a reward is not a finite number.")]
    NotFinite {
        /// The row, counted from 0.
        row: usize,
        /// The column, counted from 0.
        column: usize,
    },
    /// The sizes of the groups do not add up to the rows, or one is 0.
    #[error("The groups name {named} rows, but the table has {rows}.")]
    Groups {
        /// Sum of the sizes.
        named: usize,
        /// Rows of the table.
        rows: usize,
    },
    /// The base weight of an answer is negative, infinite or not a number.
    #[error("Row {row}: a base weight must be a finite number, 0 or more.")]
    Weight {
        /// The row, counted from 0.
        row: usize,
    },
    /// The weight of a group is negative, infinite or not a number.
    #[error("Prompt {group}: a prompt's weight must be a finite number, 0 or more.")]
    GroupWeight {
        /// The group, counted from 0.
        group: usize,
    },
    /// No answer of a group has weight, though the group has.
    #[error("Prompt {group}: all its answers have weight 0.")]
    NoWeight {
        /// The group, counted from 0.
        group: usize,
    },
    /// There are not as many weights as rows or groups.
    #[error("There are {given} weights for {expected} rows or prompts.")]
    WeightCount {
        /// Weights given.
        given: usize,
        /// Rows or groups that there are.
        expected: usize,
    },
}

/// Base weights: of the answers within their group, and of the groups. `None` weighs all the same; they need
/// not be normalised.
#[derive(Clone, Copy, Debug, Default)]
pub struct BaseWeights<'a> {
    /// q_gj, one per row.
    pub answers: Option<&'a [f64]>,
    /// π_g, one per group.
    pub groups: Option<&'a [f64]>,
}

impl Problem {
    /// `rewards` is n × m, one row per answer and one column per value; in column-major order it is used in
    /// place. The groups are consecutive rows, as many as `sizes` says (none of them 0): one per prompt,
    /// or one of all rows. All groups, and all answers within a group, weigh the same.
    ///
    /// # Errors
    /// When there are no rows, a reward is not finite, or the sizes do not add up to n.
    pub fn new(rewards: Array2<f64>, sizes: &[usize]) -> Result<Self, ProblemError> {
        Problem::weighted(rewards, sizes, BaseWeights::default())
    }

    /// Like [`Problem::new`], with base weights. Rows of weight 0 take no part.
    ///
    /// # Errors
    /// Also when a weight is negative or not finite, nothing in a group has any, or there are too many or too
    /// few.
    pub fn weighted(
        rewards: Array2<f64>,
        sizes: &[usize],
        weights: BaseWeights,
    ) -> Result<Self, ProblemError> {
        let (n, m) = rewards.dim();
        if n == 0 || sizes.is_empty() {
            return Err(ProblemError::Empty);
        }
        if sizes.iter().sum::<usize>() != n || sizes.contains(&0) {
            return Err(ProblemError::Groups { named: sizes.iter().sum(), rows: n });
        }
        for (given, expected) in [(weights.answers, n), (weights.groups, sizes.len())] {
            if let Some(given) = given.map(<[f64]>::len).filter(|given| *given != expected) {
                return Err(ProblemError::WeightCount { given, expected });
            }
        }
        let transposed = rewards.reversed_axes();
        let mut z = if transposed.is_standard_layout() {
            transposed
        } else {
            transposed.as_standard_layout().into_owned()
        };
        for column in 0..m {
            if let Some(row) = z.row(column).iter().position(|r| !r.is_finite()) {
                return Err(ProblemError::NotFinite { row, column });
            }
        }
        let (mut sizes, mut log_base, mut group_weight, mut kept) =
            (sizes.to_vec(), None, vec![1.0; sizes.len()], None);
        if let Some(given) = weights.groups {
            if let Some(group) = given.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
                return Err(ProblemError::GroupWeight { group });
            }
            group_weight = given.to_vec();
        }
        if weights.answers.is_some() || group_weight.contains(&0.0) {
            let mut rows = Vec::with_capacity(n);
            let mut logs = Vec::with_capacity(n);
            let mut start = 0;
            for (group, size) in sizes.iter_mut().enumerate() {
                let range = start..start + *size;
                start += *size;
                *size = 0;
                if group_weight[group] == 0.0 {
                    continue;
                }
                let own = |j: usize| weights.answers.map_or(1.0, |w| w[j]);
                if let Some(row) = range.clone().find(|j| !(own(*j).is_finite() && own(*j) >= 0.0)) {
                    return Err(ProblemError::Weight { row });
                }
                let largest = range.clone().map(own).fold(0.0, f64::max);
                if largest == 0.0 {
                    return Err(ProblemError::NoWeight { group });
                }
                let total: f64 = range.clone().map(|j| own(j) / largest).sum();
                for j in range.filter(|j| own(*j) > 0.0) {
                    rows.push(j);
                    logs.push((own(j) / largest / total).ln());
                    *size += 1;
                }
            }
            group_weight.retain(|w| *w > 0.0);
            sizes.retain(|s| *s > 0);
            if rows.is_empty() {
                return Err(ProblemError::Empty);
            }
            if rows.len() < n {
                z = gathered(&z, &rows);
                kept = Some(rows);
            }
            if weights.answers.is_some() {
                log_base = Some(logs);
            }
        }
        let largest = group_weight.iter().copied().fold(0.0, f64::max);
        let total: f64 = group_weight.iter().map(|w| w / largest).sum();
        for w in &mut group_weight {
            *w /= largest * total;
        }
        let mut groups = Vec::with_capacity(sizes.len());
        let mut start = 0;
        for size in sizes {
            groups.push(start..start + size);
            start += size;
        }
        let mut problem = Problem {
            z,
            groups,
            log_base,
            group_weight,
            base: vec![0.0; m],
            mean: vec![0.0; m],
            sd: vec![0.0; m],
            fixed: Vec::new(),
            kept,
            table_rows: n,
            at_base: OnceLock::new(),
            extremes: OnceLock::new(),
        };
        problem.standardise_columns();
        Ok(problem)
    }

    fn standardise_columns(&mut self) {
        let share = self.base_shares();
        let all: Vec<_> = (0..self.values()).map(|i| moments(self.column(i), &share)).collect();
        for (i, moments) in all.iter().enumerate() {
            self.z.row_mut(i).mapv_inplace(|x| moments.standardise(x));
            (self.mean[i], self.sd[i]) = (moments.mean(), moments.standard_deviation());
        }
    }

    /// Σ_g π_g min_j z_gj and Σ_g π_g max_j z_gj of column `i`. They belong to the table, and are kept.
    pub(super) fn extremes(&self, i: usize) -> [f64; 2] {
        self.extremes.get_or_init(|| {
            (0..self.values())
                .map(|i| {
                    let z = self.column(i);
                    let mut ends = [0.0; 2];
                    for (g, pi) in self.groups.iter().zip(&self.group_weight) {
                        let (low, high) = z[g.clone()]
                            .iter()
                            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(*x), h.max(*x)));
                        ends[0] += pi * low;
                        ends[1] += pi * high;
                    }
                    ends
                })
                .collect()
        })[i]
    }

    /// π_g q_gj for each row.
    pub(super) fn base_shares(&self) -> Shares<'_> {
        Shares { groups: &self.groups, group_weight: &self.group_weight, log_base: self.log_base.as_deref() }
    }

    /// log q_gj of row `j`, which belongs to a group of `size`.
    pub(super) fn log_base(&self, j: usize, size: usize) -> f64 {
        self.log_base.as_ref().map_or_else(|| -(size as f64).ln(), |log| log[j])
    }

    /// log q_gj of `rows`; `None` where q is uniform, see [`Problem::uniform_log`].
    pub(super) fn log_bases(&self, rows: Range<usize>) -> Option<&[f64]> {
        self.log_base.as_ref().map(|log| &log[rows])
    }

    /// log 1/q_gj of a group of `size` that the scores leave out, where q is uniform: it is the same for all.
    pub(super) fn uniform_log(&self, size: usize) -> f64 {
        if self.log_base.is_none() { (size as f64).ln() } else { 0.0 }
    }

    /// Number of answers n that take part.
    pub fn rows(&self) -> usize {
        self.z.ncols()
    }

    /// Number of columns m: one per value, then those added by [`Problem::add_subgroup`] and
    /// [`Problem::add_share`].
    pub fn values(&self) -> usize {
        self.z.nrows()
    }

    /// Number of groups G.
    pub fn group_count(&self) -> usize {
        self.groups.len()
    }

    /// Weight π_g of each group; they sum to 1.
    pub fn group_weights(&self) -> &[f64] {
        &self.group_weight
    }

    /// Base mean of column `i`, in its own unit.
    pub fn mean(&self, i: usize) -> f64 {
        self.mean[i]
    }

    /// Base standard deviation of column `i`, in its own unit; 0 when the column is constant.
    pub fn standard_deviation(&self, i: usize) -> f64 {
        self.sd[i]
    }

    /// A level in column `i`'s own unit as standard deviations above the base mean; the column must not be
    /// constant.
    pub(super) fn standardise(&self, i: usize, level: f64) -> f64 {
        // Halves: the difference of two numbers near the largest float must not overflow.
        (0.5 * level - 0.5 * self.mean[i]) / self.sd[i] * 2.0
    }

    /// The inverse of [`Problem::standardise`].
    pub(super) fn level(&self, i: usize, standardised: f64) -> f64 {
        self.mean[i] + self.sd[i] * standardised
    }

    /// Standardised column `i`.
    pub(super) fn column(&self, i: usize) -> &[f64] {
        let n = self.rows();
        self.z.as_slice().map_or(&[], |all| &all[i * n..(i + 1) * n])
    }

    /// The largest KL divergence to the base that any weighting can have: Σ_g π_g max_j log 1/q_gj, nats.
    pub fn largest_kl(&self) -> f64 {
        self.groups
            .iter()
            .zip(&self.group_weight)
            .map(|(g, w)| match &self.log_base {
                None => w * (g.len() as f64).ln(),
                Some(log) => -w * log[g.clone()].iter().copied().fold(f64::INFINITY, f64::min),
            })
            .sum()
    }

    /// `weights` of the rows that take part (such as [`Solution::weights`](crate::Solution::weights)) as
    /// weights of all rows of the table: 0 for those of base weight 0.
    pub fn spread(&self, weights: Vec<f64>) -> Vec<f64> {
        match &self.kept {
            None => weights,
            Some(kept) => {
                let mut all = vec![0.0; self.table_rows];
                for (j, w) in kept.iter().zip(weights) {
                    all[*j] = w;
                }
                all
            }
        }
    }

    /// Base share π_g q_gj of every row of the table: they sum to 1, and are 0 for rows of base weight 0.
    pub fn table_shares(&self) -> Vec<f64> {
        self.spread(self.base_shares().collect())
    }

    /// The row of the table that row `j` here is.
    pub(super) fn table_row(&self, j: usize) -> usize {
        self.kept.as_ref().map_or(j, |kept| kept[j])
    }

    /// The problem on some rows, in the same units: `rows` in order, groups of consecutive rows of `sizes`
    /// with weights `group_weight`, and log base weights of the rows (normalised within each group here)
    /// unless all are the same.
    pub(super) fn select(
        &self,
        rows: &[usize],
        sizes: &[usize],
        group_weight: Vec<f64>,
        log_base: Option<Vec<f64>>,
    ) -> Problem {
        let mut groups = Vec::with_capacity(sizes.len());
        let mut start = 0;
        for &size in sizes {
            groups.push(start..start + size);
            start += size;
        }
        let log_base = log_base.map(|mut log| {
            for g in &groups {
                let largest = log[g.clone()].iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let total: f64 = log[g.clone()].iter().map(|l| (l - largest).exp()).sum();
                let norm = largest + total.ln();
                log[g.clone()].iter_mut().for_each(|l| *l -= norm);
            }
            log
        });
        let total: f64 = group_weight.iter().sum();
        let group_weight = group_weight.into_iter().map(|w| w / total).collect();
        let mut selected = Problem {
            z: gathered(&self.z, rows),
            groups,
            log_base,
            group_weight,
            base: Vec::new(),
            mean: self.mean.clone(),
            sd: self.sd.clone(),
            fixed: self.fixed.clone(),
            kept: Some(rows.iter().map(|&j| self.table_row(j)).collect()),
            table_rows: self.table_rows,
            at_base: OnceLock::new(),
            extremes: OnceLock::new(),
        };
        let shares = selected.base_shares().collect();
        selected.base = (0..selected.values())
            .map(|i| selected.column(i).iter().zip(&shares).map(|(z, w)| z * w).sum())
            .collect();
        selected
    }

    /// Whether column `i` must stay what it is.
    pub(super) fn is_fixed(&self, i: usize) -> bool {
        self.fixed.get(i).copied().unwrap_or(false)
    }
}

/// The columns of `z` at `rows`, contiguous.
fn gathered(z: &Array2<f64>, rows: &[usize]) -> Array2<f64> {
    Array2::from_shape_fn((z.nrows(), rows.len()), |(i, j)| z[[i, rows[j]]])
}
