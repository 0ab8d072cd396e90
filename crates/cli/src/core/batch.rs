//! `palette batch`: many palettes over one table.

use super::ask::{TableArguments, all_off, index};
use super::input::{BadInput, read};
use super::print;
use clap::Args;
use map_align::{BatchEntry, Bounds, VertexPool, batch};
use palette_study::prepared::PreparedTable;
use palette_tables::spec::parse_cell;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

#[derive(Args)]
pub struct Arguments {
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

pub fn run(arguments: Arguments) -> Result<(), BadInput> {
    let opened = arguments.table.open(false)?;
    let (set, notes) = (opened.set, opened.notes);
    let prepared = PreparedTable::new(&set, opened.pooling).map_err(|e| BadInput(e.to_string()))?;
    let (file, text) = read(&arguments.palettes)?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(|h| h.trim().to_owned()).collect(),
        Err(e) => return Err(BadInput(format!("{file} cannot be read as CSV: {e}."))),
    };
    let label = header.iter().position(|h| h == "name" && set.value_index("name").is_none());
    for (k, name) in header.iter().enumerate().filter(|(k, _)| Some(*k) != label) {
        index(&set, name).map_err(|e| BadInput(format!("{file}, first line: {e}")))?;
        if header[..k].contains(name) {
            return Err(BadInput(format!("{file} has two columns called {name}. Keep one.")));
        }
    }
    let (mut palettes, mut labels) = (Vec::new(), Vec::new());
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|e| BadInput(format!("{file} cannot be read as CSV: {e}.")))?;
        let line = record.position().map_or(at as u64 + 2, |p| p.line());
        let mut palette = all_off(&set);
        for (k, cell) in record.iter().enumerate().filter(|(k, _)| Some(*k) != label) {
            let target = parse_cell(cell)
                .map_err(|e| BadInput(format!("{file}, line {line}, column {}: {e}", header[k])))?;
            palette.targets.insert(header[k].clone(), target);
        }
        let resolved =
            prepared.resolve(&set, &palette).map_err(|e| BadInput(format!("{file}, line {line}: {e}")))?;
        palettes.push(resolved.bounds);
        labels.push(label.and_then(|k| record.get(k)).map_or_else(|| (at + 1).to_string(), str::to_owned));
    }
    if palettes.is_empty() {
        return Err(BadInput(format!(
            "{file} has no palettes: below the names of the values, every row is one."
        )));
    }
    let found = batch(&prepared.problem, &mut VertexPool::default(), &palettes);
    let names: Vec<String> = set.values.iter().map(|v| v.name.clone()).collect();
    if arguments.json {
        print::json(&json!({ "palettes": as_json(&labels, &names, &palettes, &found), "notes": notes }));
        return Ok(());
    }
    print::notes(&notes);
    as_csv(&labels, &names, &found).map_err(|e| BadInput(format!("The answers could not be written: {e}.")))
}

fn as_json(
    labels: &[String],
    names: &[String],
    palettes: &[Vec<Bounds>],
    found: &[BatchEntry],
) -> Vec<Value> {
    (labels.iter().zip(palettes).zip(found))
        .map(|((label, bounds), entry)| {
            let met = entry.met.as_ref();
            let values: Vec<Value> = (names.iter().enumerate())
                .map(|(i, name)| {
                    let mut value = Map::new();
                    value.insert("name".into(), json!(name));
                    value.insert("lower".into(), json!(bounds[i].lower));
                    value.insert("upper".into(), json!(bounds[i].upper));
                    value.insert("realised".into(), json!(met.map(|m| m.realised[i])));
                    value.insert("lambda".into(), json!(met.map(|m| m.lambda[i])));
                    Value::Object(value)
                })
                .collect();
            json!({
                "name": label,
                "verdict": print::verdict(entry.verdict),
                "slack_sd": entry.slack,
                "kl": met.map(|m| m.kl),
                "drafts": met.map(|m| m.kl.exp()),
                "ess": met.map(|m| m.effective_samples),
                "values": values,
            })
        })
        .collect()
}

fn as_csv(labels: &[String], names: &[String], found: &[BatchEntry]) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(std::io::stdout().lock());
    let mut header: Vec<String> =
        ["name", "verdict", "slack_sd", "kl", "drafts", "ess"].map(String::from).to_vec();
    header.extend(names.iter().map(|n| format!("lambda.{n}")));
    header.extend(names.iter().map(|n| format!("realised.{n}")));
    writer.write_record(&header)?;
    let cell = |x: Option<f64>| x.map(|x| x.to_string()).unwrap_or_default();
    for (label, entry) in labels.iter().zip(found) {
        let met = entry.met.as_ref();
        let mut row = vec![label.clone(), print::verdict(entry.verdict).into(), cell(entry.slack)];
        row.extend([met.map(|m| m.kl), met.map(|m| m.kl.exp()), met.map(|m| m.effective_samples)].map(cell));
        row.extend((0..names.len()).map(|i| cell(met.map(|m| m.lambda[i]))));
        row.extend((0..names.len()).map(|i| cell(met.map(|m| m.realised[i]))));
        writer.write_record(&row)?;
    }
    writer.flush()?;
    Ok(())
}
