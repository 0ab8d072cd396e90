//! What a check looks at: the palette and the solver's report on it.

use palette_study::{Pooling, Report, ValueReport};
use palette_tables::{Level, Palette, SampleSet, Target};

/// A palette on a set, solved.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub set: &'a SampleSet,
    pub palette: &'a Palette,
    pub pooling: Pooling,
    pub report: &'a Report,
}

impl Facts<'_> {
    /// The report's part on a value.
    ///
    /// # Errors
    /// A sentence when the set has no such value.
    pub(crate) fn value(&self, name: &str) -> Result<(usize, &ValueReport), String> {
        let at = self.set.value_index(name).filter(|at| *at < self.report.values.len());
        at.map(|at| (at, &self.report.values[at])).ok_or_else(|| {
            format!("The sample set in use has no value called “{name}”. Go back to the lesson's own set.")
        })
    }

    /// `level` of the value at `at` on the base answers, in its own unit.
    pub(crate) fn level(&self, at: usize, level: Level) -> f64 {
        let value = &self.report.values[at];
        let column = match level {
            Level::Quantile(_) | Level::PlainQuantile(_) => self.set.column(at),
            _ => Vec::new(),
        };
        level.on(&column, value.base, value.standard_deviation)
    }

    /// Names of the values that have a target which asks for more than keeping them.
    pub(crate) fn asked(&self) -> Vec<&str> {
        let asks = |name: &&str| {
            let target = self.palette.target(name);
            if matches!(target, Target::Off | Target::MAINTAIN) {
                return false;
            }
            // A handle that stands at the base mean asks for nothing.
            let value = self.value(name).ok().map(|(_, value)| value);
            value.is_none_or(|value| {
                let at_base = |bound: f64| (bound - value.base).abs() <= 1e-9 * (1.0 + value.base.abs());
                value.upper.is_some() || !value.lower.is_some_and(at_base)
            })
        };
        self.set.values.iter().map(|value| value.name.as_str()).filter(asks).collect()
    }
}
