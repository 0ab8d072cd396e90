//! Columns that are about a subgroup of the rows: a value on one group of prompts, and the share of that
//! group.

use super::problem::Problem;
use ndarray::Array2;
use std::ops::Range;
use std::sync::OnceLock;

impl Problem {
    /// Adds a column for the mean of column `of` over the rows S of a subgroup: 1_S·(r − r̄_S)/P(S), in
    /// standard deviations of the subgroup, with P(S) its base share. Its expectation is that mean as long as
    /// the subgroup keeps its share: by itself where whole groups belong to the subgroup or not, else by
    /// [`Problem::add_share`].
    ///
    /// `subgroup` has one entry per row of the table; rows beyond its end do not belong. Returns the index of
    /// the new column, whose bound is in the unit of column `of`, or `None` when the subgroup holds no base
    /// weight.
    pub fn add_subgroup(&mut self, of: usize, subgroup: &[bool]) -> Option<usize> {
        let (inside, share, mass) = self.subgroup(subgroup)?;
        let source = self.column(of).to_vec();
        let rows = || (0..source.len()).filter(|j| inside[*j]);
        // All in standard deviations of the whole column: those of the subgroup follow.
        let mean: f64 = rows().map(|j| share[j] / mass * source[j]).sum();
        let sd = rows().map(|j| share[j] / mass * (source[j] - mean).powi(2)).sum::<f64>().sqrt();
        let sd = if sd > 1e-12 * (1.0 + mean.abs()) { sd } else { 0.0 };
        let within = |j: usize| if sd > 0.0 && inside[j] { (source[j] - mean) / (mass * sd) } else { 0.0 };
        let column: Vec<f64> = (0..source.len()).map(within).collect();
        self.add_column(column, self.level(of, mean), self.sd[of] * sd, false)
    }

    /// Adds a column for the share E_w 1_S of a subgroup (one entry per row of the table), which is to stay
    /// what it is at the base: no repair gives its bound up. Returns the index of the new column and the base
    /// share P(S), for [`Bounds::exactly`](crate::Bounds::exactly), or `None` where nothing could change it.
    pub fn add_share(&mut self, subgroup: &[bool]) -> Option<(usize, f64)> {
        let (inside, _, mass) = self.subgroup(subgroup)?;
        let whole = |g: &Range<usize>| inside[g.clone()].iter().all(|i| *i == inside[g.start]);
        if self.groups.iter().all(whole) {
            return None;
        }
        let sd = (mass * (1.0 - mass)).sqrt();
        let column = inside.iter().map(|i| (f64::from(u8::from(*i)) - mass) / sd).collect();
        self.add_column(column, mass, sd, true).map(|i| (i, mass))
    }

    /// Whether each row belongs to the subgroup, the base share of every row, and that of the subgroup.
    fn subgroup(&self, subgroup: &[bool]) -> Option<(Vec<bool>, Vec<f64>, f64)> {
        let share = self.base_shares().collect();
        let inside: Vec<bool> =
            (0..self.rows()).map(|j| subgroup.get(self.table_row(j)).copied().unwrap_or(false)).collect();
        let mass: f64 = share.iter().zip(&inside).filter(|(_, i)| **i).map(|(s, _)| s).sum();
        (mass > 0.0).then_some((inside, share, mass))
    }

    fn add_column(&mut self, column: Vec<f64>, mean: f64, sd: f64, fixed: bool) -> Option<usize> {
        let n = self.rows();
        let (mut all, _) = std::mem::take(&mut self.z).into_raw_vec_and_offset();
        all.extend(column);
        self.z = Array2::from_shape_vec((all.len() / n, n), all).ok()?;
        self.at_base = OnceLock::new();
        self.extremes = OnceLock::new();
        self.base.push(0.0);
        self.mean.push(mean);
        self.sd.push(sd);
        let new = self.values() - 1;
        self.fixed.resize(new, false);
        self.fixed.push(fixed);
        Some(new)
    }

    /// Mean of column `of` over `subgroup` (one entry per row of the table) in its own unit, under weights
    /// `w` (one per row that takes part, summing to 1 in each group;
    /// [`Solution::weights`](crate::Solution::weights)). Not a number where the subgroup has no weight.
    pub fn mean_over(&self, of: usize, subgroup: &[bool], w: &[f64]) -> f64 {
        let (mut total, mut mass) = (0.0, 0.0);
        for (g, pi) in self.groups.iter().zip(&self.group_weight) {
            for j in g.clone().filter(|j| subgroup.get(self.table_row(*j)).copied().unwrap_or(false)) {
                total += pi * w[j] * self.z[[of, j]];
                mass += pi * w[j];
            }
        }
        self.level(of, total / mass)
    }
}
