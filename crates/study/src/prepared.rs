//! A sample set made ready for palettes: its problem, and what a palette asks for on it.

use crate::Pooling;
use map_align::{BaseWeights, Bounds, Problem, ProblemError, Units};
use ndarray::{Array2, ShapeBuilder};
use palette_tables::quantile::{quantile, quantile_of_sorted};
use palette_tables::{GroupTarget, Level, Palette, SampleSet, Target};
use std::cell::RefCell;
use std::collections::HashMap;

/// A sample set as a problem, pooled or per prompt.
pub struct PreparedTable {
    /// One column per value of the set, in its order.
    pub problem: Problem,
    pub pooling: Pooling,
    /// The prompt of each answer.
    prompt_of: Vec<usize>,
    /// What was found out about columns whose quantiles were asked for, by value and group: moving one target
    /// must not look through all rows again.
    columns: RefCell<HashMap<(usize, String), Order>>,
}

/// What is known of a column's order: one quantile, or since a second one was asked for, all of it.
enum Order {
    One(f64, f64),
    Sorted(Vec<f64>),
}

/// What a palette asks for, in numbers.
#[derive(Clone, Debug, Default)]
pub struct ResolvedPalette {
    /// One for each value, in own units.
    pub bounds: Vec<Bounds>,
    pub subgroups: Vec<Subgroup>,
}

/// A target on one group of prompts.
#[derive(Clone, Debug, PartialEq)]
pub struct Subgroup {
    /// Index of the value, and the group's name.
    pub value: usize,
    pub group: String,
    /// Of the value over the group's answers, in its own unit.
    pub bounds: Bounds,
    /// Base mean over the group's answers.
    pub base: f64,
    /// Whether each answer belongs to the group.
    pub rows: Vec<bool>,
}

/// A column of an subgroups problem that stands for a part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SubgroupColumn {
    /// Index into [`ResolvedPalette::subgroups`].
    pub part: usize,
    pub column: usize,
}

impl PreparedTable {
    /// # Errors
    /// When the set has no answers, a reward is not finite, or weights leave nothing to choose from.
    pub fn new(set: &SampleSet, pooling: Pooling) -> Result<Self, ProblemError> {
        let (n, m) = (set.answers.len(), set.values.len());
        let mut rewards = Array2::zeros((n, m).f());
        for (j, answer) in set.answers.iter().enumerate() {
            for i in 0..m {
                rewards[[j, i]] = answer.rewards.get(i).copied().unwrap_or(f64::NAN);
            }
        }
        let weighted = set.answers.iter().any(|a| a.weight != 1.0);
        let problem = match pooling {
            Pooling::Pooled => {
                let weights: Option<Vec<f64>> = (weighted || !set.prompt_weights.is_empty())
                    .then(|| set.answers.iter().map(|a| a.weight * set.prompt_weight(a.prompt)).collect());
                Problem::weighted(rewards, &[n], BaseWeights { answers: weights.as_deref(), groups: None })?
            }
            Pooling::PerPrompt => {
                let mut sizes = vec![0; set.prompts.len()];
                for answer in &set.answers {
                    if let Some(size) = sizes.get_mut(answer.prompt) {
                        *size += 1;
                    }
                }
                let groups: Option<Vec<f64>> = (!set.prompt_weights.is_empty()).then(|| {
                    (0..sizes.len()).filter(|g| sizes[*g] > 0).map(|g| set.prompt_weight(g)).collect()
                });
                sizes.retain(|s| *s > 0);
                let weights: Option<Vec<f64>> =
                    weighted.then(|| set.answers.iter().map(|a| a.weight).collect());
                Problem::weighted(
                    rewards,
                    &sizes,
                    BaseWeights { answers: weights.as_deref(), groups: groups.as_deref() },
                )?
            }
        };
        let prompt_of = set.answers.iter().map(|a| a.prompt).collect();
        Ok(PreparedTable { problem, pooling, prompt_of, columns: RefCell::default() })
    }

    /// The sampling units for resampling: prompts, or answers where all belong to one prompt.
    pub fn units(&self) -> Units {
        Units::new(&self.problem, Some(&self.prompt_of))
    }

    /// The palette in numbers on `set`, the one this was made of.
    ///
    /// # Errors
    /// A sentence when a range runs downward, a level is not finite, or a group has no answers.
    pub fn resolve(&self, set: &SampleSet, palette: &Palette) -> Result<ResolvedPalette, String> {
        let mut bounds = Vec::with_capacity(set.values.len());
        for (i, value) in set.values.iter().enumerate() {
            let level = |level: Level| self.level(i, "", level, self.problem.mean(i), &|| set.column(i));
            bounds.push(in_numbers(&value.name, palette.target(&value.name), level)?);
        }
        let mut parts = Vec::new();
        for target in &palette.on_groups {
            // A link may carry targets for values and groups of another set: the page has said so.
            if target.target != Target::Off
                && let Some(part) = self.part(set, target)?
            {
                parts.push(part);
            }
        }
        Ok(ResolvedPalette { bounds, subgroups: parts })
    }

    fn part(&self, set: &SampleSet, target: &GroupTarget) -> Result<Option<Subgroup>, String> {
        let Some(value) = set.value_index(&target.value) else { return Ok(None) };
        let rows: Vec<bool> = set.answers.iter().map(|a| a.group == target.group).collect();
        if !rows.contains(&true) {
            return Ok(None);
        }
        let shares = match self.pooling {
            Pooling::Pooled => set.pooled_shares(),
            Pooling::PerPrompt => set.per_prompt_shares(),
        };
        let inside = || (0..rows.len()).filter(|j| rows[*j]);
        let mass: f64 = inside().map(|j| shares[j]).sum();
        if mass <= 0.0 {
            return Err(format!(
                "The group {} has no weight: give its prompts some, or remove its target.",
                target.group
            ));
        }
        let base = inside().map(|j| shares[j] / mass * set.answers[j].rewards[value]).sum();
        let column = || inside().map(|j| set.answers[j].rewards[value]).collect();
        let level = |level: Level| self.level(value, &target.group, level, base, &column);
        let bounds = in_numbers(&format!("{} on {}", target.value, target.group), target.target, level)?;
        Ok(Some(Subgroup { value, group: target.group.clone(), bounds, base, rows }))
    }

    fn level(&self, i: usize, group: &str, level: Level, mean: f64, column: &dyn Fn() -> Vec<f64>) -> f64 {
        let (Level::Quantile(q) | Level::PlainQuantile(q)) = level else { return level.on(&[], mean) };
        let mut columns = self.columns.borrow_mut();
        let known =
            columns.entry((i, group.to_owned())).or_insert_with(|| Order::One(q, quantile(&column(), q)));
        let at = match known {
            Order::One(asked, at) if *asked == q => *at,
            Order::One(..) => {
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

    /// The problem with a column for every part, and for the share of every group that choosing could change;
    /// `None` without parts.
    pub fn subgroups(&self, resolved: &ResolvedPalette) -> Option<SubgroupProblem> {
        if resolved.subgroups.is_empty() {
            return None;
        }
        let mut problem = self.problem.clone();
        let mut columns = Vec::new();
        let mut shares: Vec<(String, usize, f64)> = Vec::new();
        for (at, part) in resolved.subgroups.iter().enumerate() {
            columns.extend(
                problem
                    .add_subgroup(part.value, &part.rows)
                    .map(|column| SubgroupColumn { part: at, column }),
            );
            if shares.iter().all(|(group, ..)| *group != part.group)
                && let Some((column, share)) = problem.add_share(&part.rows)
            {
                shares.push((part.group.clone(), column, share));
            }
        }
        let mut subgroups = SubgroupProblem { problem, bounds: Vec::new(), columns, shares };
        subgroups.ask(resolved);
        Some(subgroups)
    }
}

/// A problem with the columns of parts after those of the values.
pub struct SubgroupProblem {
    pub problem: Problem,
    pub bounds: Vec<Bounds>,
    pub columns: Vec<SubgroupColumn>,
    /// Name, column and share of each group whose share must be kept: where answers to different prompts
    /// compete, choosing could else shun the group.
    pub shares: Vec<(String, usize, f64)>,
}

impl SubgroupProblem {
    /// Takes the bounds of `resolved`, whose parts are those that this was made for, at whatever levels.
    pub fn ask(&mut self, resolved: &ResolvedPalette) {
        self.bounds = resolved.bounds.clone();
        self.bounds.resize(self.problem.values(), Bounds::OFF);
        for at in &self.columns {
            self.bounds[at.column] = resolved.subgroups[at.part].bounds;
        }
        for (_, column, share) in &self.shares {
            self.bounds[*column] = Bounds::exactly(*share);
        }
    }

    /// Name of a column after those of the values.
    pub fn name(&self, set: &SampleSet, resolved: &ResolvedPalette, column: usize) -> Option<String> {
        let part = self.columns.iter().find(|c| c.column == column).map(|c| &resolved.subgroups[c.part]);
        let of_part = part.map(|part| format!("{}@{}", set.values[part.value].name, part.group));
        of_part.or_else(|| {
            self.shares.iter().find(|(_, c, _)| *c == column).map(|(group, ..)| format!("share of {group}"))
        })
    }
}

fn in_numbers(name: &str, target: Target, level: impl Fn(Level) -> f64) -> Result<Bounds, String> {
    let bounds = match target {
        Target::Off => Bounds::OFF,
        Target::AtLeast(a) => Bounds::at_least(level(a)),
        Target::AtMost(b) => Bounds::at_most(level(b)),
        Target::Exactly(c) => Bounds::exactly(level(c)),
        Target::Between(a, b) => Bounds::between(level(a), level(b)),
    };
    if let Some(bad) = bounds.lower.into_iter().chain(bounds.upper).find(|c| !c.is_finite()) {
        return Err(format!("The target of {name} means {bad} here, which is no level. Set a finite one."));
    }
    match (bounds.lower, bounds.upper) {
        (Some(a), Some(b)) if a > b => {
            Err(format!("The range of {name} runs downward: from {a} to {b}. Put the smaller level first."))
        }
        _ => Ok(bounds),
    }
}
