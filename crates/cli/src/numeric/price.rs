//! `palette study price`: what one target costs along its lane, the others held.

use super::ask::{AskArguments, Asked};
use super::input::BadInput;
use super::print;
use clap::Args;
use palette_study::TargetPriceReport;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ask: AskArguments,
    /// The value, or VALUE@GROUP with a target; without it the value with the largest λ.
    #[arg(long, value_name = "VALUE")]
    of: Option<String>,
    /// Also write the numbers as CSV.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let named: Vec<String> = arguments.of.iter().cloned().collect();
    let Asked { mut composer, question, notes } = arguments.ask.ask_naming(&named)?;
    let mut report = composer.target_price(&question, arguments.of.as_deref())?.finish();
    report.notes.extend(notes);
    if let Some(file) = &arguments.csv {
        std::fs::write(file, report.csv())
            .map_err(|error| BadInput(format!("{} cannot be written: {error}.", file.display())))?;
    }
    print::answer(&report, &report.notes, arguments.ask.json, in_words)
}

fn in_words(report: &TargetPriceReport) -> String {
    let rows: Vec<Vec<String>> = (report.points.iter())
        .map(|point| {
            vec![
                print::number(point.level),
                print::number(point.kl),
                print::drafts(point.kl),
                print::number(point.lambda),
            ]
        })
        .collect();
    let said = report.sentences.join("\n");
    if rows.is_empty() {
        return said + "\n";
    }
    format!("{said}\n\n{}", print::table(&[&report.name, "nats", "at least", "λ"], &rows))
}
