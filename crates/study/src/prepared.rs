//! A sample set made ready for palettes: as a problem, with what is known of its columns' quantiles.

use crate::Pooling;
use map_align::{BaseWeights, Problem, ProblemError, Units};
use ndarray::{Array2, ShapeBuilder};
use palette_tables::quantile::{quantile, quantile_of_sorted};
use palette_tables::{Level, SampleSet};
use std::cell::RefCell;
use std::collections::HashMap;

/// A sample set as a problem, pooled or per prompt.
pub(crate) struct PreparedTable {
    /// One column per value of the set, in its order.
    pub(crate) problem: Problem,
    /// The prompt of each answer.
    prompt_of: Vec<usize>,
    /// What was found out about columns whose quantiles were asked for, by value and group: moving one target
    /// must not look through all rows again.
    columns: RefCell<HashMap<(usize, String), Order>>,
}

/// What is known of a column's order: one quantile, or since a second one was asked for, all of it.
enum Order {
    One { q: f64, level: f64 },
    Sorted(Vec<f64>),
}

impl PreparedTable {
    /// # Errors
    /// When the set has no answers, a reward is not finite, or weights leave nothing to choose from.
    pub(crate) fn new(set: &SampleSet, pooling: Pooling) -> Result<Self, ProblemError> {
        let (n, m) = (set.answers.len(), set.values.len());
        let mut rewards = Array2::zeros((n, m).f());
        for (j, answer) in set.answers.iter().enumerate() {
            for i in 0..m {
                rewards[[j, i]] = answer.rewards.get(i).copied().unwrap_or(f64::NAN);
            }
        }
        let problem = match pooling {
            Pooling::Pooled => pooled(set, rewards)?,
            Pooling::PerPrompt => per_prompt(set, rewards)?,
        };
        let prompt_of = set.answers.iter().map(|a| a.prompt).collect();
        Ok(PreparedTable { problem, prompt_of, columns: RefCell::default() })
    }

    /// The sampling units for resampling: prompts, or answers where all belong to one prompt.
    pub(crate) fn units(&self) -> Units {
        Units::new(&self.problem, Some(&self.prompt_of))
    }

    /// `level` of value `i` over the answers of `group` (empty: of all), in the value's own unit. `[mean, sd]`
    /// are the base mean and standard deviation over them; `column` gives their rewards.
    pub(crate) fn level(
        &self,
        i: usize,
        group: &str,
        level: Level,
        [mean, sd]: [f64; 2],
        column: &dyn Fn() -> Vec<f64>,
    ) -> f64 {
        let (Level::Quantile(q) | Level::PlainQuantile(q)) = level else { return level.on(&[], mean, sd) };
        let mut columns = self.columns.borrow_mut();
        let known = columns
            .entry((i, group.to_owned()))
            .or_insert_with(|| Order::One { q, level: quantile(&column(), q) });
        let at = match known {
            Order::One { q: asked, level } if *asked == q => *level,
            Order::One { .. } => {
                let mut sorted = column();
                sorted.sort_unstable_by(f64::total_cmp);
                let at = quantile_of_sorted(&sorted, q);
                *known = Order::Sorted(sorted);
                at
            }
            Order::Sorted(sorted) => quantile_of_sorted(sorted, q),
        };
        if matches!(level, Level::Quantile(_)) { at.max(mean) } else { at }
    }
}

/// All answers as one group, each weighing by its own weight times its prompt's.
fn pooled(set: &SampleSet, rewards: Array2<f64>) -> Result<Problem, ProblemError> {
    let weights = (weighted(set) || !set.prompt_weights.is_empty()).then(|| products(set));
    let weights = BaseWeights { answers: weights.as_deref(), groups: None };
    Problem::weighted(rewards, &[set.answers.len()], weights)
}

/// Each answer's weight times its prompt's.
fn products(set: &SampleSet) -> Vec<f64> {
    let pairs = || set.answers.iter().map(|a| (a.weight, set.prompt_weight(a.prompt)));
    let fits = |x: f64| x.is_normal() && x.is_finite();
    if pairs().all(|(a, p)| a == 0.0 || p == 0.0 || fits(a * p)) {
        return pairs().map(|(a, p)| a * p).collect();
    }
    // Only ratios matter. What is too small for one even so keeps the smallest weight there is: an answer
    // that could be given stays one.
    let largest = |of: fn((f64, f64)) -> f64| pairs().map(of).fold(0.0, f64::max);
    let (answer, prompt) = (largest(|(a, _)| a), largest(|(_, p)| p));
    pairs()
        .map(
            |(a, p)| {
                if a == 0.0 || p == 0.0 { 0.0 } else { (a / answer * (p / prompt)).max(f64::MIN_POSITIVE) }
            },
        )
        .collect()
}

/// A group for every prompt that has answers.
fn per_prompt(set: &SampleSet, rewards: Array2<f64>) -> Result<Problem, ProblemError> {
    let mut sizes = vec![0; set.prompts.len()];
    for answer in &set.answers {
        if let Some(size) = sizes.get_mut(answer.prompt) {
            *size += 1;
        }
    }
    let groups: Option<Vec<f64>> = (!set.prompt_weights.is_empty())
        .then(|| (0..sizes.len()).filter(|g| sizes[*g] > 0).map(|g| set.prompt_weight(g)).collect());
    sizes.retain(|s| *s > 0);
    let answers: Option<Vec<f64>> = weighted(set).then(|| set.answers.iter().map(|a| a.weight).collect());
    let weights = BaseWeights { answers: answers.as_deref(), groups: groups.as_deref() };
    Problem::weighted(rewards, &sizes, weights)
}

/// Whether answers have weights of their own.
fn weighted(set: &SampleSet) -> bool {
    set.answers.iter().any(|a| a.weight != 1.0)
}
