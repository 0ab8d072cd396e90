//! A JSON array of objects, or JSON Lines. Rewards may stand in the object itself or under `rewards`.

use super::cells::{Cell, Cells, Column, Rows};
use super::imported::ImportError;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fmt;

pub(super) fn read(name: &str, text: &str) -> Result<Rows, ImportError> {
    let unit = if text.starts_with('[') { "row" } else { "line" };
    let rows = Rows { file: name.into(), columns: Vec::new(), lines: Vec::new(), unit };
    let mut reading = Reading { rows, index: HashMap::new() };
    if unit == "row" {
        array(name, text, &mut reading)?;
    } else {
        by_line(name, text, &mut reading)?;
    }
    // Columns that ended early are missing in the rows after.
    let mut rows = reading.rows;
    for column in &mut rows.columns {
        column.cells.fill(rows.lines.len());
    }
    Ok(rows)
}

/// Rows as they come: an object is taken apart at once, so that a large file is never held as objects.
struct Reading {
    rows: Rows,
    index: HashMap<String, usize>,
}

impl Reading {
    fn add(&mut self, object: Map<String, Value>, line: usize) -> Result<(), ImportError> {
        for (key, value) in object {
            match value {
                Value::Object(rewards) if key == "rewards" => {
                    for (key, value) in rewards {
                        self.put(key, value, line)?;
                    }
                }
                value => self.put(key, value, line)?,
            }
        }
        self.rows.lines.push(line);
        Ok(())
    }

    fn put(&mut self, key: String, value: Value, line: usize) -> Result<(), ImportError> {
        let row = self.rows.lines.len();
        let columns = &mut self.rows.columns;
        let at = match self.index.get(&key) {
            Some(at) => *at,
            None => {
                columns.push(Column { name: key.clone(), cells: Cells::Numbers(Vec::new()) });
                self.index.insert(key, columns.len() - 1);
                columns.len() - 1
            }
        };
        let Column { name: key, cells } = &mut columns[at];
        if cells.len() > row {
            let (name, unit) = (&self.rows.file, self.rows.unit);
            return Err(ImportError(format!(
                "{name}, {unit} {line}: {key} stands there twice, in the object and under rewards. Keep one; \
                    nothing was loaded."
            )));
        }
        // A column that appears late is missing in the rows before.
        cells.fill(row);
        cells.push(cell(value));
        Ok(())
    }
}

fn array(name: &str, text: &str, reading: &mut Reading) -> Result<(), ImportError> {
    let mut failed = None;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = deserializer
        .deserialize_seq(Objects { reading, failed: &mut failed })
        .and_then(|()| deserializer.end());
    match (read, failed) {
        (_, Some(error)) => Err(error),
        (Err(e), None) => Err(syntax(name, e.line(), &e)),
        (Ok(()), None) => Ok(()),
    }
}

/// Hands over the elements of an array one by one. What is wrong with one beside its syntax is left in
/// `failed`.
struct Objects<'a> {
    reading: &'a mut Reading,
    failed: &'a mut Option<ImportError>,
}

impl<'de> Visitor<'de> for Objects<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let mut row = 0;
        while let Some(value) = elements.next_element()? {
            row += 1;
            let added = match value {
                Value::Object(object) => self.reading.add(object, row),
                _ => Err(ImportError(format!(
                    "{}, row {row}: it is not an object such as {{\"prompt\": …, \"humor\": 0.3}}.",
                    self.reading.rows.file
                ))),
            };
            if let Err(error) = added {
                *self.failed = Some(error);
                return Err(serde::de::Error::custom("a row is wrong"));
            }
        }
        Ok(())
    }
}

fn by_line(name: &str, text: &str, reading: &mut Reading) -> Result<(), ImportError> {
    for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        reading.add(serde_json::from_str(line).map_err(|e| syntax(name, i + 1, &e))?, i + 1)?;
    }
    Ok(())
}

fn syntax(name: &str, line: usize, error: &serde_json::Error) -> ImportError {
    ImportError(format!(
        "{name}, line {line}: it cannot be read as JSON ({error}). NaN and Infinity are not numbers in JSON. \
            Correct it; nothing was loaded."
    ))
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Null => Cell::Missing,
        Value::Number(n) => match n.as_f64() {
            Some(x) if x.is_finite() => Cell::Number(x),
            _ => Cell::NotFinite(n.to_string().into()),
        },
        // A quoted number is text: guessing would hide a mistake in the file. Names for "no number" are told
        // apart all the same.
        Value::String(text) => match Cell::of_text(&text) {
            Cell::NotFinite(t) => Cell::NotFinite(t),
            _ => Cell::Text(text.into()),
        },
        other => Cell::Text(other.to_string().into()),
    }
}
