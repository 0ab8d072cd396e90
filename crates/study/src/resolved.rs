//! A palette in numbers: the levels that its targets mean on a prepared table.

use crate::prepared::PreparedTable;
use map_align::Bounds;
use palette_tables::{GroupTarget, Level, Palette, SampleSet, Target};

/// What a palette asks for, in numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResolvedPalette {
    /// One for each value, in own units.
    pub(crate) bounds: Vec<Bounds>,
    /// For each value, whether its bounds are said from the base.
    pub(crate) relative: Vec<bool>,
    /// One for each target on a group of prompts that the table has.
    pub(crate) subgroups: Vec<Subgroup>,
}

/// A target on one group of prompts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subgroup {
    /// Index of the value.
    pub(crate) value: usize,
    /// Name of the group.
    pub(crate) group: String,
    /// Of the value over the group's answers, in its own unit.
    pub(crate) bounds: Bounds,
    /// Whether they are said from the base.
    pub(crate) relative: bool,
    /// Base mean over the group's answers.
    pub(crate) base: f64,
    /// Of all answers, before anything is chosen.
    pub(crate) share: f64,
    /// Whether each answer of the set belongs to the group.
    pub(crate) rows: Vec<bool>,
}

impl ResolvedPalette {
    /// `palette` in numbers on `set`, the one that `table` was prepared from.
    ///
    /// # Errors
    /// A sentence when a range runs downward, a level is not finite, or a group has no weight.
    pub(crate) fn new(table: &PreparedTable, set: &SampleSet, palette: &Palette) -> Result<Self, String> {
        let mut bounds = Vec::with_capacity(set.values.len());
        let mut relative = Vec::with_capacity(set.values.len());
        for (i, value) in set.values.iter().enumerate() {
            let base = [table.problem.mean(i), table.problem.standard_deviation(i)];
            let level = |level: Level| table.level(i, "", level, base, &|| set.column(i));
            relative.push(is_relative(palette.target(&value.name)));
            bounds.push(in_numbers(&value.name, palette.target(&value.name), level)?);
        }
        let mut subgroups = Vec::new();
        for target in palette.on_groups.iter().filter(|t| t.target != Target::Off) {
            subgroups.extend(subgroup(table, set, target)?);
        }
        Ok(ResolvedPalette { bounds, relative, subgroups })
    }
}

/// A target on a group in numbers. `None` where the set has no such value or group: a link may carry targets
/// for another set, and the page has said so.
fn subgroup(
    table: &PreparedTable,
    set: &SampleSet,
    target: &GroupTarget,
) -> Result<Option<Subgroup>, String> {
    let Some(value) = set.value_index(&target.value) else { return Ok(None) };
    let rows: Vec<bool> = set.answers.iter().map(|a| a.group == target.group).collect();
    if !rows.contains(&true) {
        return Ok(None);
    }
    let shares = table.problem.table_shares();
    let inside = || (0..rows.len()).filter(|j| rows[*j]);
    let mass: f64 = inside().map(|j| shares[j]).sum();
    if mass <= 0.0 {
        return Err(format!(
            "The group {} has no weight: give its prompts some, or remove its target.",
            target.group
        ));
    }
    let mean_of = |of: &dyn Fn(f64) -> f64| -> f64 {
        inside().map(|j| shares[j] / mass * of(set.answers[j].rewards[value])).sum()
    };
    let base = mean_of(&|r| r);
    let sd = mean_of(&|r| (r - base).powi(2)).sqrt();
    let column = || inside().map(|j| set.answers[j].rewards[value]).collect();
    let level = |level: Level| table.level(value, &target.group, level, [base, sd], &column);
    let bounds = in_numbers(&format!("{} on {}", target.value, target.group), target.target, level)?;
    let relative = is_relative(target.target);
    Ok(Some(Subgroup { value, group: target.group.clone(), bounds, relative, base, share: mass, rows }))
}

/// Whether a target is said from the base, at both of its ends.
fn is_relative(target: Target) -> bool {
    let levels = || target.levels().into_iter().flatten();
    levels().count() > 0 && levels().all(Level::is_relative)
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
