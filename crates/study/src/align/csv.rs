//! What was measured as CSV.

use super::measure::{Measured, MeasuredValue};
use crate::asked::AskedTarget;
use crate::cells::{cell, with_interval};
use crate::interval::Estimate;
use palette_tables::csv_text::Writer;

impl Measured {
    /// A line for every value, beside what was `asked` of it and what λ realises where it was solved (`reweighted`, by
    /// name), with a header.
    pub fn csv(&self, asked: &[AskedTarget], reweighted: &[(String, f64)]) -> String {
        let mut writer = Writer::default();
        writer.row(["value", "reweighted"].into_iter().chain(MEASURED));
        for value in &self.values {
            let asked = asked.iter().find(|asked| asked.name == value.name);
            let there = reweighted.iter().find(|(name, _)| *name == value.name).map(|(_, level)| *level);
            writer.row([value.name.clone(), cell(there)].into_iter().chain(measured(asked, Some(value))));
        }
        writer.finish()
    }
}

/// What was asked of a value and what came of it, as columns of every table that says so.
pub(crate) const MEASURED: [&str; 19] = [
    "lower",
    "upper",
    "relative",
    "pilot_base",
    "base",
    "expected",
    "expected_low",
    "expected_high",
    "lift",
    "lift_low",
    "lift_high",
    "picked",
    "picked_low",
    "picked_high",
    "win_rate",
    "place",
    "share_of_lift",
    "outcome",
    "more_prompts",
];

/// The cells of [`MEASURED`], empty where nothing was asked or measured.
pub(crate) fn measured(asked: Option<&AskedTarget>, value: Option<&MeasuredValue>) -> Vec<String> {
    let of = |of: fn(&MeasuredValue) -> Estimate| value.map(of);
    let mut cells = vec![
        cell(asked.and_then(|asked| asked.lower)),
        cell(asked.and_then(|asked| asked.upper)),
        asked.map_or(String::new(), |asked| asked.relative.to_string()),
        cell(asked.map(|asked| asked.base)),
        cell(value.map(|v| v.base.mean)),
    ];
    for estimate in [of(|v| v.expected), of(|v| v.lift), of(|v| v.picked)] {
        cells.extend(with_interval(estimate));
    }
    cells.extend([
        cell(value.map(|v| v.win_rate.mean)),
        cell(value.map(|v| v.place)),
        cell(value.and_then(|v| v.share_of_lift)),
        value.map_or(String::new(), |v| v.outcome.name().to_owned()),
        value.and_then(|v| v.more_prompts).map_or(String::new(), |more| more.to_string()),
    ]);
    cells
}
