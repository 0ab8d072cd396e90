//! `palette batch`: many palettes over one table.

use super::ask::{TableArguments, all_off, index};
use super::input::{BadInput, read};
use super::print;
use clap::Args;
use palette_study::BatchReport;
use palette_tables::spec::parse_cell;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    table: TableArguments,
    /// Palettes as CSV: a column per value and a row per palette. A cell is a SPEC (at least), `>=SPEC`,
    /// `<=SPEC`, `=SPEC`, `A..B`, or empty or `off`. A column `name` labels the rows. `-` reads standard
    /// input.
    palettes: PathBuf,
    /// Write JSON instead of CSV.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let opened = arguments.table.open(false)?;
    let pooling = opened.pooling;
    let (mut composer, notes) = opened.composer()?;
    let (file, text) = read(&arguments.palettes)?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(|h| h.trim().to_owned()).collect(),
        Err(e) => return Err(BadInput(format!("{file} cannot be read as CSV: {e}."))),
    };
    let set = composer.set();
    let label = header.iter().position(|h| h == "name" && set.value_index("name").is_none());
    for (k, name) in header.iter().enumerate().filter(|(k, _)| Some(*k) != label) {
        index(set, name).map_err(|e| BadInput(format!("{file}, first line: {e}")))?;
        if header[..k].contains(name) {
            return Err(BadInput(format!("{file} has two columns called {name}. Keep one.")));
        }
    }
    let names: Vec<String> = set.values.iter().map(|v| v.name.clone()).collect();
    let mut palettes = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|e| BadInput(format!("{file} cannot be read as CSV: {e}.")))?;
        let line = record.position().map_or(at as u64 + 2, |p| p.line());
        let mut palette = all_off(composer.set());
        for (k, cell) in record.iter().enumerate().filter(|(k, _)| Some(*k) != label) {
            let target = parse_cell(cell)
                .map_err(|e| BadInput(format!("{file}, line {line}, column {}: {e}", header[k])))?;
            palette.targets.insert(header[k].clone(), target);
        }
        let bounds =
            composer.bounds(&palette, pooling).map_err(|e| BadInput(format!("{file}, line {line}: {e}")))?;
        let label = label.and_then(|k| record.get(k)).map_or_else(|| (at + 1).to_string(), str::to_owned);
        palettes.push((label, bounds));
    }
    if palettes.is_empty() {
        return Err(BadInput(format!(
            "{file} has no palettes: below the names of the values, every row is one."
        )));
    }
    let mut report = composer.batch(palettes, pooling)?;
    report.notes = notes;
    if arguments.json {
        return print::json(&report);
    }
    print::notes(&report.notes);
    as_csv(&names, &report).map_err(|e| BadInput(format!("The answers could not be written: {e}.")))
}

fn as_csv(names: &[String], report: &BatchReport) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(std::io::stdout().lock());
    let mut header: Vec<String> =
        ["name", "verdict", "slack_sd", "kl", "drafts", "ess"].map(String::from).to_vec();
    header.extend(names.iter().map(|n| format!("lambda.{n}")));
    header.extend(names.iter().map(|n| format!("realised.{n}")));
    writer.write_record(&header)?;
    let cell = |x: Option<f64>| x.map(|x| x.to_string()).unwrap_or_default();
    for entry in &report.palettes {
        let mut row = vec![entry.name.clone(), print::verdict(entry.verdict).into()];
        row.extend([entry.slack, entry.kl, entry.drafts, entry.effective_samples].map(cell));
        row.extend(entry.values.iter().map(|value| cell(value.lambda)));
        row.extend(entry.values.iter().map(|value| cell(value.realised)));
        writer.write_record(&row)?;
    }
    writer.flush()?;
    Ok(())
}
