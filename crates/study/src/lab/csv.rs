//! The lab as a table: a row for every setting and solver.

use super::report::{Ended, Lab, LabMethod, Setting};
use crate::cells::{cell, verdict};
use palette_tables::csv_text::Writer;

const HEADER: [&str; 15] = [
    "along",
    "rows",
    "groups",
    "values",
    "verdict",
    "solver",
    "ended",
    "lambda_error_sd",
    "level_error_sd",
    "kl_error",
    "shortfall_sd",
    "passes",
    "seconds",
    "says_reachable",
    "right",
];

impl Lab {
    /// A line for every setting and solver, with a header; the whole table stands last along rows and along values.
    pub fn csv(&self) -> String {
        let mut writer = Writer::default();
        writer.row(HEADER);
        for (along, settings) in [("rows", &self.by_rows), ("values", &self.by_values)] {
            for setting in settings {
                rows(&mut writer, along, setting);
            }
        }
        writer.finish()
    }
}

fn rows(writer: &mut Writer, along: &str, setting: &Setting) {
    for run in &setting.runs {
        let size = [setting.rows, setting.groups, setting.values].map(|n| n.to_string());
        let about = [verdict(setting.verdict), run.method.name(), run.ended.name()].map(str::to_owned);
        let errors = [run.lambda_error, run.level_error, run.kl_error, run.shortfall].map(cell);
        let told = [
            run.passes.to_string(),
            run.seconds.to_string(),
            run.says_reachable.to_string(),
            run.right.map_or(String::new(), |right| right.to_string()),
        ];
        let line = size.into_iter().chain(about).chain(errors).chain(told);
        writer.row(std::iter::once(along.to_owned()).chain(line));
    }
}

impl LabMethod {
    /// As in JSON.
    pub fn name(self) -> &'static str {
        match self {
            LabMethod::Paper => "paper",
            LabMethod::Gradient => "gradient",
            LabMethod::Lbfgs => "lbfgs",
            LabMethod::Newton => "newton",
        }
    }
}

impl Ended {
    /// As in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Ended::Converged => "converged",
            Ended::Steps => "steps",
            Ended::Stalled => "stalled",
            Ended::Overflow => "overflow",
            Ended::Exceeded => "exceeded",
        }
    }
}
