//! `palette batch`: many palettes over one table.

use super::ask::TableArguments;
use super::input::{BadInput, read};
use super::print;
use clap::Args;
use palette_study::BatchReport;
use palette_tables::csv_text::Writer;
use palette_tables::palettes;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    table: TableArguments,
    /// Palettes as CSV (or JSON Lines): a column per value and a row per palette. A cell is a SPEC (at
    /// least), `>=SPEC`, `<=SPEC`, `=SPEC`, `A..B`, or empty or `off`. A column `name` labels the rows. `-`
    /// reads standard input.
    palettes: PathBuf,
    /// Write JSON instead of CSV.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let (file, bytes) = read(&arguments.palettes)?;
    let opened = arguments.table.open(false, &mentioned(&bytes))?;
    let pooling = opened.pooling;
    let (mut composer, notes) = opened.composer()?;
    let names: Vec<String> = composer.set().values.iter().map(|v| v.name.clone()).collect();
    let mut palettes = Vec::new();
    for named in palettes::read(&file, &bytes, &names)? {
        let bounds = composer
            .bounds(&named.palette, pooling)
            .map_err(|e| BadInput(format!("{}: {e}", named.place)))?;
        palettes.push((named.name, bounds));
    }
    let mut report = composer.batch(palettes, pooling)?;
    report.notes = notes;
    if arguments.json {
        return print::json(&report);
    }
    print::notes(&report.notes);
    print::say!("{}", as_csv(&names, &report));
    Ok(())
}

/// The names in the first line of a table of palettes, so that doubtful columns called so are values.
fn mentioned(palettes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(palettes);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let names = first.split([',', ';', '\t', '|', '"', '{', '}', ':']);
    names.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// The answers as CSV, whose names no spreadsheet takes for formulas.
fn as_csv(names: &[String], report: &BatchReport) -> String {
    let mut writer = Writer::default();
    let header = ["name", "verdict", "slack_sd", "kl", "drafts", "ess"].map(String::from).into_iter();
    let lambdas = names.iter().map(|n| format!("lambda.{n}"));
    writer.row(header.chain(lambdas).chain(names.iter().map(|n| format!("realised.{n}"))));
    let cell = |x: Option<f64>| x.map(|x| x.to_string()).unwrap_or_default();
    for entry in &report.palettes {
        let mut row = vec![entry.name.clone(), print::verdict(entry.verdict).into()];
        row.extend([entry.slack, entry.kl, entry.drafts, entry.effective_samples].map(cell));
        row.extend(entry.values.iter().map(|value| cell(value.lambda)));
        row.extend(entry.values.iter().map(|value| cell(value.realised)));
        writer.row(row);
    }
    writer.finish()
}
