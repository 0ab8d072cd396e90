//! A sample set as the page shows it: columns ready for drawing.

use crate::app::accent::{Accent, accents};
use crate::chart::{bandwidth, tick_axis};
use palette_protocol::SetKey;
use palette_study::{Base, Pooling};
use palette_tables::{GroupTarget, Level, Palette, SampleSet, Target};
use std::sync::Arc;

/// Where a sample set comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    BuiltIn,
    Opened,
    Generated,
}

/// A sample set with what the page draws from it.
#[derive(Debug)]
pub struct Table {
    /// Tells tables of this session apart.
    pub id: usize,
    /// The same, with what is in it.
    pub key: SetKey,
    pub origin: Origin,
    pub set: Arc<SampleSet>,
    /// Remarks of the import.
    pub notes: Vec<String>,
    pub columns: Vec<Column>,
    pub accents: Vec<Accent>,
    /// For each prompt, the indices of its answers.
    pub groups: Vec<Vec<usize>>,
    /// Names of the groups of prompts.
    pub group_names: Vec<String>,
    /// Share of each answer in the base distribution, pooled and per prompt.
    base_shares: [Vec<f64>; 2],
    /// Share of each prompt.
    prompt_shares: Vec<f64>,
    /// The prompt of each answer: the answers themselves lie too far apart in memory for a pass over a
    /// hundred thousand.
    prompt_of: Vec<u32>,
}

/// One value's rewards.
#[derive(Clone, Debug)]
pub struct Column {
    pub rewards: Vec<f64>,
    /// Mean of the base distribution over all answers.
    pub mean: f64,
    /// Mean over prompts of the mean of their answers: differs from `mean` where prompts have different
    /// numbers or weights of answers.
    pub mean_per_prompt: f64,
    /// Of the base distribution over all answers; 0 when all are the same.
    pub standard_deviation: f64,
    /// Base standard deviation pooled and per prompt.
    pub standard_deviations: [f64; 2],
    /// Ends of the axis, whole multiples of `step`.
    pub axis: [f64; 2],
    /// A round number: what one press of an arrow key moves a target by.
    pub step: f64,
}

impl Column {
    fn new(rewards: Vec<f64>, [mean, mean_per_prompt]: [f64; 2], standard_deviations: [f64; 2]) -> Self {
        let standard_deviation = standard_deviations[0];
        let least = rewards.iter().copied().fold(f64::INFINITY, f64::min);
        let most = rewards.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (axis, step) = tick_axis([least, most], mean, standard_deviation);
        Column { rewards, mean, mean_per_prompt, standard_deviation, standard_deviations, axis, step }
    }

    /// Decimals that a multiple of `step` needs.
    pub fn decimals(&self) -> usize {
        (-self.step.log10()).round().clamp(0.0, 12.0) as usize
    }

    /// Kernel width for drawing (Silverman's rule), in the value's unit.
    pub fn bandwidth(&self) -> f64 {
        bandwidth(self.standard_deviation, self.rewards.len())
    }

    /// A level with a sensible number of decimals, never above the exact one.
    pub fn rounded_down(&self, level: f64) -> f64 {
        let fine = 0.1 * self.step;
        round_to((level / fine).floor() * fine, self.decimals() + 1)
    }

    /// A level with a sensible number of decimals, never below the exact one.
    pub fn rounded_up(&self, level: f64) -> f64 {
        -self.rounded_down(-level)
    }
}

/// Rounds to `decimals` after the point, so that 7 × 0.1 is 0.7.
pub fn round_to(x: f64, decimals: usize) -> f64 {
    let scale = 10f64.powi(decimals as i32);
    (x * scale).round() / scale
}

impl Table {
    /// Prepares a set; `Err` says in a sentence what is wrong with it.
    pub fn new(
        id: usize,
        origin: Origin,
        set: impl Into<Arc<SampleSet>>,
        notes: Vec<String>,
    ) -> Result<Self, String> {
        let set = set.into();
        let m = set.values.len();
        if m == 0 || set.answers.is_empty() {
            return Err(format!(
                "The sample set “{}” has no values or no answers, so there is nothing to compose on.",
                set.name
            ));
        }
        let whole = set.answers.iter().all(|answer| {
            answer.rewards.len() == m
                && answer.prompt < set.prompts.len()
                && answer.rewards.iter().all(|r| r.is_finite())
                && answer.weight.is_finite()
        });
        if !whole {
            return Err(format!(
                "The sample set “{}” is damaged: an answer lacks a reward or its prompt.",
                set.name
            ));
        }
        let names: Vec<String> = set.values.iter().map(|value| value.name.clone()).collect();
        let mut groups = vec![Vec::new(); set.prompts.len()];
        for (j, answer) in set.answers.iter().enumerate() {
            groups[answer.prompt].push(j);
        }
        let base = |pooling| {
            Base::of(&set, pooling)
                .map_err(|error| format!("The sample set “{}” cannot be composed on. {error}", set.name))
        };
        let (pooled, per_prompt) = (base(Pooling::Pooled)?, base(Pooling::PerPrompt)?);
        let columns = (0..m)
            .map(|i| {
                let means = [pooled.means[i], per_prompt.means[i]];
                let deviations = [pooled.standard_deviations[i], per_prompt.standard_deviations[i]];
                Column::new(set.column(i), means, deviations)
            })
            .collect();
        let base_shares = [pooled.shares, per_prompt.shares];
        let prompt_shares =
            groups.iter().map(|group| group.iter().map(|j| base_shares[1][*j]).sum()).collect();
        let prompt_of = set.answers.iter().map(|answer| answer.prompt as u32).collect();
        let group_names = set.groups();
        let accents = accents(&names);
        Ok(Table {
            id,
            key: SetKey::of(id, &set),
            origin,
            set,
            notes,
            columns,
            accents,
            groups,
            group_names,
            base_shares,
            prompt_shares,
            prompt_of,
        })
    }

    /// The prompt whose answers are shown until another one is chosen.
    pub fn opening_prompt(&self) -> usize {
        /// Of the built-in set: short, harmless, and its answers differ in what they are asked for.
        const OPENING: &str = "Explain to a child why the sky is blue.";
        let found = || self.set.prompts.iter().position(|prompt| prompt == OPENING);
        if self.origin == Origin::BuiltIn { found().unwrap_or(0) } else { 0 }
    }

    /// How prompts are treated unless the person says otherwise.
    pub fn usual_pooling(&self) -> Pooling {
        if self.set.fewest_answers() >= 2 { Pooling::PerPrompt } else { Pooling::Pooled }
    }

    /// The palette to start with: where the set has them, helpful and harmless somewhat raised and humor still
    /// where it was, for a first move that shows what raising it does.
    pub fn usual_palette(&self) -> Palette {
        const RAISED: [&str; 2] = ["helpful", "harmless"];
        let all = RAISED.iter().chain(&["humor"]).all(|name| self.set.value_index(name).is_some());
        let target = |name: &str| {
            if all && RAISED.contains(&name) {
                Target::AtLeast(Level::Quantile(0.6))
            } else {
                Target::MAINTAIN
            }
        };
        Palette {
            targets: self.set.values.iter().map(|value| (value.name.clone(), target(&value.name))).collect(),
            ..Palette::default()
        }
    }

    /// The lowest and the highest level that `target` allows for value `i`.
    pub fn bounds(&self, i: usize, target: Target, pooling: Pooling) -> (Option<f64>, Option<f64>) {
        let column = &self.columns[i];
        let sd = column.standard_deviations[usize::from(pooling == Pooling::PerPrompt)];
        target.bounds(&column.rewards, self.base_mean(i, pooling), sd)
    }

    /// The palette's targets on groups that this set has, for values that it has.
    pub fn known_on_groups(&self, palette: &Palette) -> Vec<GroupTarget> {
        let known = |t: &&GroupTarget| {
            self.set.value_index(&t.value).is_some() && self.group_names.contains(&t.group)
        };
        palette.on_groups.iter().filter(known).cloned().collect()
    }

    /// Base mean of value `i`.
    pub fn base_mean(&self, i: usize, pooling: Pooling) -> f64 {
        match pooling {
            Pooling::Pooled => self.columns[i].mean,
            Pooling::PerPrompt => self.columns[i].mean_per_prompt,
        }
    }

    /// Share of answer `j` in the base distribution.
    pub fn base_share(&self, j: usize, pooling: Pooling) -> f64 {
        match pooling {
            Pooling::Pooled => self.base_shares[0][j],
            Pooling::PerPrompt => self.base_shares[1][j],
        }
    }

    /// Share of answer `j` after alignment, from the solver's `weights`.
    pub fn aligned_share(&self, j: usize, weights: &[f64], pooling: Pooling) -> f64 {
        let weight = weights.get(j).copied().unwrap_or(0.0);
        match pooling {
            Pooling::Pooled => weight,
            Pooling::PerPrompt => weight * self.prompt_shares[self.prompt_of[j] as usize],
        }
    }

    /// `10 questions × 16 answers`, in whatever shape the set has.
    pub fn shape(&self) -> String {
        use crate::app::format::count;
        let (prompts, answers) = (self.set.prompts.len(), self.set.answers.len());
        if prompts <= 1 {
            return count(answers, "answer");
        }
        let k = self.groups[0].len();
        if self.groups.iter().all(|group| group.len() == k) {
            format!("{} × {}", count(prompts, "question"), count(k, "answer"))
        } else {
            format!("{}, {}", count(prompts, "question"), count(answers, "answer"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use palette_tables::quantile::{mean, standard_deviation};

    fn column_of(rewards: &[f64]) -> Column {
        Column::new(rewards.to_vec(), [mean(rewards); 2], [standard_deviation(rewards); 2])
    }

    #[test]
    fn axes_end_on_round_numbers_and_hold_the_data() {
        let column = column_of(&[-0.31, 0.2, 0.77, 1.913]);
        assert!(column.axis[0] <= -0.31 && column.axis[1] >= 1.913);
        assert_eq!(column.step, 0.01);
        assert_eq!(column.decimals(), 2);
        let constant = column_of(&[3.0; 5]);
        assert!(constant.axis[0] < 3.0 && constant.axis[1] > 3.0);
    }

    #[test]
    fn rounding_keeps_its_side() {
        let column = column_of(&[0.0, 1.0, 1.5]);
        for level in [0.70123, -0.70123, 0.7] {
            let (down, up) = (column.rounded_down(level), column.rounded_up(level));
            assert!(down <= level && level <= up && up - down < 0.0021, "{level}: {down} to {up}");
        }
    }
}
