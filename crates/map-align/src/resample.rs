//! Resamples and halves of a problem, with prompts as the sampling units.

use super::problem::Problem;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The sampling units of a problem: its groups, or in a pooled problem the prompts that its rows belong to.
#[derive(Clone, Debug)]
pub struct Units {
    /// Rows (of the problem) of each unit.
    rows: Vec<Vec<usize>>,
    /// Whether each unit is a group of the problem.
    grouped: bool,
}

impl Units {
    /// The groups of the problem, if it has several. A problem of one group has the prompts as units:
    /// `prompt_of` names the prompt of each row of the table by any number; with `None`, or one prompt alone,
    /// every row is a unit.
    pub fn new(problem: &Problem, prompt_of: Option<&[usize]>) -> Self {
        if problem.group_count() > 1 {
            return Units {
                rows: problem.groups.iter().map(|g| g.clone().collect()).collect(),
                grouped: true,
            };
        }
        let mut rows: Vec<Vec<usize>> = Vec::new();
        let mut place = std::collections::HashMap::new();
        for j in 0..problem.rows() {
            let key =
                prompt_of.and_then(|p| p.get(problem.table_row(j)).copied()).unwrap_or(problem.table_row(j));
            let at = *place.entry(key).or_insert_with(|| {
                rows.push(Vec::new());
                rows.len() - 1
            });
            rows[at].push(j);
        }
        // One prompt of everything says nothing about other prompts: its answers are the units then.
        if rows.len() == 1 && problem.rows() > 1 {
            rows = (0..problem.rows()).map(|j| vec![j]).collect();
        }
        Units { rows, grouped: false }
    }

    /// Number of units.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The problem in which unit u counts `counts[u]` times, in the units of the whole; `None` when nothing
    /// counts.
    pub(super) fn counted(&self, problem: &Problem, counts: &[usize]) -> Option<Problem> {
        let chosen: Vec<usize> = (0..self.rows.len()).filter(|&u| counts[u] > 0).collect();
        if chosen.is_empty() {
            return None;
        }
        let mut rows = Vec::new();
        let mut logs = Vec::new();
        let log = |j: usize| problem.log_base.as_ref().map_or(0.0, |log| log[j]);
        for &u in &chosen {
            for &j in &self.rows[u] {
                rows.push(j);
                logs.push(log(j) + if self.grouped { 0.0 } else { (counts[u] as f64).ln() });
            }
        }
        Some(if self.grouped {
            let sizes: Vec<usize> = chosen.iter().map(|&u| self.rows[u].len()).collect();
            let weights = chosen.iter().map(|&u| problem.group_weight[u] * counts[u] as f64).collect();
            problem.select(&rows, &sizes, weights, problem.log_base.is_some().then_some(logs))
        } else {
            let size = rows.len();
            problem.select(&rows, &[size], vec![1.0], Some(logs))
        })
    }

    /// How often each unit is drawn in resample `number`, with replacement.
    pub(super) fn draw(&self, seed: u64, number: u64) -> Vec<usize> {
        let mut random = stream(seed, number);
        let mut counts = vec![0; self.rows.len()];
        for _ in 0..self.rows.len() {
            counts[random.random_range(0..self.rows.len())] += 1;
        }
        counts
    }

    /// Whether each unit belongs to random half `number`; with an odd count the half is the larger part.
    pub(super) fn half(&self, seed: u64, number: u64) -> Vec<bool> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.shuffle(&mut stream(seed, u64::MAX / 2 + number));
        let mut half = vec![false; order.len()];
        let size = order.len().div_ceil(2);
        order.into_iter().take(size).for_each(|u| half[u] = true);
        half
    }
}

/// An independent stream of random numbers for each number.
pub(super) fn stream(seed: u64, number: u64) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(number);
    random
}
