//! A JSON array of objects, or JSON Lines. Rewards may stand in the object itself or under `rewards`.

use super::ImportError;
use super::cells::{Cell, Rows};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

pub(super) fn read(name: &str, text: &str) -> Result<Rows, ImportError> {
    let (objects, lines, unit) = if text.starts_with('[') { array(name, text)? } else { by_line(name, text)? };
    let mut columns: Vec<String> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    let mut cells: Vec<Vec<Cell>> = Vec::with_capacity(objects.len());
    for (object, line) in objects.into_iter().zip(&lines) {
        let mut row = vec![Cell::Missing; columns.len()];
        let mut given: HashSet<String> = HashSet::new();
        for (key, value) in flat(object) {
            if !given.insert(key.clone()) {
                return Err(ImportError(format!(
                    "{name}, {unit} {line}: {key} stands there twice, in the object and under rewards. Keep one; nothing was loaded."
                )));
            }
            let at = *index.entry(key.clone()).or_insert_with(|| {
                columns.push(key);
                row.push(Cell::Missing);
                columns.len() - 1
            });
            row[at] = cell(value);
        }
        cells.push(row);
    }
    // Columns that appear late are missing in the rows before.
    for row in &mut cells {
        row.resize(columns.len(), Cell::Missing);
    }
    Ok(Rows { columns, cells, lines, unit })
}

type Objects = (Vec<Map<String, Value>>, Vec<usize>, &'static str);

fn array(name: &str, text: &str) -> Result<Objects, ImportError> {
    let values: Vec<Value> = serde_json::from_str(text).map_err(|e| syntax(name, e.line(), &e))?;
    let mut objects = Vec::with_capacity(values.len());
    for (i, value) in values.into_iter().enumerate() {
        match value {
            Value::Object(object) => objects.push(object),
            _ => return Err(ImportError(format!("{name}, row {}: it is not an object such as {{\"prompt\": …, \"humor\": 0.3}}.", i + 1))),
        }
    }
    let lines = (1..=objects.len()).collect();
    Ok((objects, lines, "row"))
}

fn by_line(name: &str, text: &str) -> Result<Objects, ImportError> {
    let (mut objects, mut lines) = (Vec::new(), Vec::new());
    for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        objects.push(serde_json::from_str(line).map_err(|e| syntax(name, i + 1, &e))?);
        lines.push(i + 1);
    }
    Ok((objects, lines, "line"))
}

fn syntax(name: &str, line: usize, error: &serde_json::Error) -> ImportError {
    ImportError(format!(
        "{name}, line {line}: it cannot be read as JSON ({error}). NaN and Infinity are not numbers in JSON. Correct it; nothing was loaded."
    ))
}

fn flat(object: Map<String, Value>) -> Vec<(String, Value)> {
    let mut pairs = Vec::with_capacity(object.len());
    for (key, value) in object {
        match value {
            Value::Object(rewards) if key == "rewards" => pairs.extend(rewards),
            value => pairs.push((key, value)),
        }
    }
    pairs
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Null => Cell::Missing,
        Value::Number(n) => match n.as_f64() {
            Some(x) if x.is_finite() => Cell::Number(x),
            _ => Cell::NotFinite(n.to_string()),
        },
        // A quoted number is text: guessing would hide a mistake in the file. Names for "no number" are told apart all the same.
        Value::String(text) => match Cell::of_text(&text) {
            Cell::NotFinite(t) => Cell::NotFinite(t),
            _ => Cell::Text(text),
        },
        other => Cell::Text(other.to_string()),
    }
}
