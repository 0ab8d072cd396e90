//! What was measured as CSV.

use super::measure::Measured;
use crate::asked::AskedTarget;
use crate::cells::{cell, with_interval};
use palette_tables::csv_text::Writer;

const HEADER: [&str; 20] = [
    "value",
    "base",
    "lower",
    "upper",
    "relative",
    "pilot_base",
    "reweighted",
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
    "outcome",
    "more_prompts",
];

impl Measured {
    /// A line for every value, beside what was `asked` of it and what λ realises where it was solved (`reweighted`, by
    /// name), with a header.
    pub fn csv(&self, asked: &[AskedTarget], reweighted: &[(String, f64)]) -> String {
        let mut writer = Writer::default();
        writer.row(HEADER);
        for value in &self.values {
            let asked = asked.iter().find(|asked| asked.name == value.name);
            let mut line = vec![
                value.name.clone(),
                cell(Some(value.base.mean)),
                cell(asked.and_then(|asked| asked.lower)),
                cell(asked.and_then(|asked| asked.upper)),
                asked.map_or(String::new(), |asked| asked.relative.to_string()),
                cell(asked.map(|asked| asked.base)),
                cell(reweighted.iter().find(|(name, _)| *name == value.name).map(|(_, level)| *level)),
            ];
            for estimate in [value.expected, value.lift, value.picked] {
                line.extend(with_interval(Some(estimate)));
            }
            line.extend([
                cell(Some(value.win_rate.mean)),
                cell(Some(value.place)),
                value.outcome.name().to_owned(),
                value.more_prompts.map_or(String::new(), |more| more.to_string()),
            ]);
            writer.row(line);
        }
        writer.finish()
    }
}
