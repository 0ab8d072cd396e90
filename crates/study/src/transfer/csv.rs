//! A transfer as a table: a row for every pair of groups and value.

use super::report::{Fate, Transfer};
use crate::cells::{cell, with_interval};
use palette_tables::csv_text::Writer;

const HEADER: [&str; 20] = [
    "from",
    "to",
    "value",
    "kl",
    "lambda",
    "lower",
    "upper",
    "level",
    "level_low",
    "level_high",
    "lift",
    "lift_low",
    "lift_high",
    "room",
    "room_low",
    "room_high",
    "share",
    "share_low",
    "share_high",
    "fate",
];

impl Transfer {
    /// A line for every pair of groups and value, with a header.
    pub fn csv(&self) -> String {
        let mut writer = Writer::default();
        writer.row(HEADER);
        for pair in &self.pairs {
            let [from, to] = [pair.from, pair.to].map(|at| &self.groups[at]);
            for (i, value) in pair.values.iter().enumerate() {
                let end = |interval: Option<[f64; 2]>, at: usize| cell(interval.map(|interval| interval[at]));
                let lambda = from.lambda.as_ref().map(|lambda| lambda[i]);
                let about = [from.name.clone(), to.name.clone(), value.name.clone(), pair.kl.to_string()];
                let asked = [lambda, value.lower, value.upper].map(cell);
                let room = [cell(value.room), end(value.interval, 0), end(value.interval, 1)];
                let share = [cell(value.share), end(value.share_interval, 0), end(value.share_interval, 1)];
                let measured =
                    [with_interval(Some(value.level)), with_interval(Some(value.lift)), room, share];
                let fate = value.fate.name().to_owned();
                writer
                    .row(about.into_iter().chain(asked).chain(measured.into_iter().flatten()).chain([fate]));
            }
        }
        writer.finish()
    }
}

impl Fate {
    /// As in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Fate::NoTarget => "no-target",
            Fate::Home => "home",
            Fate::Kept => "kept",
            Fate::Short => "short",
        }
    }
}
