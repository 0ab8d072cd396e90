//! Fewer rows of the same problem, and what others than the solver may read of it.

use super::problem::Problem;
use std::ops::Range;

impl Problem {
    /// The problem on every `stride`-th row where there is one group, on every `stride`-th group where there
    /// are several, in the same units. `None` when that leaves fewer than two of them, or `stride` is 0.
    pub fn thinned(&self, stride: usize) -> Option<Problem> {
        if stride == 0 {
            return None;
        }
        let single = self.group_count() == 1;
        let of = if single { self.rows() } else { self.group_count() };
        let chosen: Vec<usize> = (0..of).step_by(stride).collect();
        if chosen.len() < 2 {
            return None;
        }
        let rows: Vec<usize> = if single {
            chosen.clone()
        } else {
            chosen.iter().flat_map(|&g| self.groups[g].clone()).collect()
        };
        let sizes =
            if single { vec![rows.len()] } else { chosen.iter().map(|&g| self.groups[g].len()).collect() };
        let weights = if single { vec![1.0] } else { chosen.iter().map(|&g| self.group_weight[g]).collect() };
        let logs = self.log_base.as_ref().map(|log| rows.iter().map(|&j| log[j]).collect());
        Some(self.select(&rows, &sizes, weights, logs))
    }

    /// Rewards of column `i` in standard deviations from the base mean, one per row that takes part.
    pub fn standardised(&self, i: usize) -> &[f64] {
        self.column(i)
    }

    /// The rows of each group.
    pub fn group_rows(&self) -> &[Range<usize>] {
        &self.groups
    }

    /// Base weight q_gj of each row that takes part; they sum to 1 in each group.
    pub fn base_weights(&self) -> Vec<f64> {
        let weight = |g: &Range<usize>| {
            let size = g.len();
            g.clone().map(move |j| self.log_base(j, size).exp()).collect::<Vec<f64>>()
        };
        self.groups.iter().flat_map(weight).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::{BaseWeights, Problem};
    use ndarray::Array2;

    #[test]
    fn every_second_row_or_group_stays_as_it_is() {
        let rewards = Array2::from_shape_fn((9, 1), |(j, _)| (j * j) as f64);
        let pooled = Problem::new(rewards.clone(), &[9]).expect("a good table");
        let half = pooled.thinned(2).expect("five rows");
        assert_eq!((half.rows(), half.standardised(0)[1]), (5, pooled.standardised(0)[2]));
        let weights: Vec<f64> = (1..=9).map(f64::from).collect();
        let given = BaseWeights { answers: Some(&weights), groups: Some(&[1.0, 2.0, 5.0]) };
        let prompts = Problem::weighted(rewards, &[3, 3, 3], given).expect("a good table");
        let two = prompts.thinned(2).expect("two groups");
        assert_eq!(two.group_rows(), [0..3, 3..6]);
        assert!((two.group_weights()[1] - 5.0 / 6.0).abs() < 1e-12);
        assert!((two.base_weights()[3] - 7.0 / 24.0).abs() < 1e-12);
        assert!(prompts.thinned(3).is_none() && prompts.thinned(0).is_none());
    }
}
