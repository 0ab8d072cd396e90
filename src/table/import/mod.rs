//! Reading a reward table: CSV, JSON Lines, or a JSON array of objects. All or nothing: a bad cell is reported by its line and nothing is kept.

mod cells;
mod csv_text;
mod json_text;
mod notes;

use super::{Answer, SampleSet, Value};
use cells::{Cell, Rows};

/// A table that was read, with what its reader should know.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    pub set: SampleSet,
    /// Plain sentences: columns left out, columns that cannot move, too few rows.
    pub notes: Vec<String>,
}

/// Why a table was not read: a plain sentence that says what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct ImportError(pub String);

/// The most values that a palette can be composed of.
pub const MOST_VALUES: usize = 64;

/// Columns that describe a row instead of rewarding it.
const PROMPT: &[&str] = &["prompt", "question"];
const ANSWER: &[&str] = &["answer", "generated", "response", "completion"];
const IGNORED: &[&str] = &["group", "weight"];

/// Reads the file called `name` with contents `text`.
///
/// # Errors
/// When it is no table, a reward is missing, not a number or not finite, there are fewer than two rows, no numeric column, or more than
/// [`MOST_VALUES`] of them.
pub fn import(name: &str, text: &str) -> Result<Imported, ImportError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = text.trim_start();
    if start.is_empty() {
        return Err(ImportError(format!("{name} is empty. A reward table has a row for each answer and a column for each value.")));
    }
    if start.starts_with('<') {
        return Err(ImportError(format!("{name} looks like a web page, not a table. Save the data itself as CSV or JSON.")));
    }
    if text.contains('\0') {
        return Err(ImportError(format!("{name} is not a text file. Save the table as CSV, JSON Lines or JSON in UTF-8.")));
    }
    if start.starts_with('{')
        && let Ok(set) = serde_json::from_str::<SampleSet>(start)
    {
        return sample_set(name, set);
    }
    let rows = if start.starts_with('[') || start.starts_with('{') { json_text::read(name, start)? } else { csv_text::read(name, text)? };
    table(name, rows)
}

/// A sample set that this page saved: checked like any other file.
fn sample_set(name: &str, set: SampleSet) -> Result<Imported, ImportError> {
    for (at, answer) in set.answers.iter().enumerate() {
        if answer.prompt >= set.prompts.len() {
            return Err(ImportError(format!(
                "{name}, answer {}: it belongs to prompt {}, which is not in the file.",
                at + 1,
                answer.prompt + 1
            )));
        }
        if answer.rewards.len() != set.values.len() {
            return Err(ImportError(format!(
                "{name}, answer {}: it has {} rewards for {} values. Every answer needs one for each.",
                at + 1,
                answer.rewards.len(),
                set.values.len()
            )));
        }
    }
    check_size(name, set.answers.len(), set.values.len())?;
    let notes = notes::about(&set);
    Ok(Imported { set: ordered(set), notes })
}

fn table(name: &str, rows: Rows) -> Result<Imported, ImportError> {
    let find = |names: &[&str]| rows.columns.iter().position(|c| names.contains(&c.trim().to_lowercase().as_str()));
    let (prompt, answer) = (find(PROMPT), find(ANSWER));
    let mut notes = Vec::new();
    let mut kept = Vec::new();
    for (i, column) in rows.columns.iter().enumerate() {
        if Some(i) == prompt || Some(i) == answer {
            continue;
        }
        if IGNORED.contains(&column.trim().to_lowercase().as_str()) {
            notes.push(format!("The column {column} is not used: every row weighs the same."));
            continue;
        }
        // A column without any number is text (where “none” or “NA” is a word like others); one with some numbers is a reward with a mistake in it.
        if rows.cells.iter().any(|row| matches!(row[i], Cell::Number(_))) {
            kept.push(i);
        } else {
            notes.push(format!("The column {column} holds no numbers and is left out."));
        }
    }
    for (line, row) in rows.lines.iter().zip(&rows.cells) {
        for &i in &kept {
            let column = &rows.columns[i];
            let place = format!("{name}, {} {line}, column {column}", rows.unit);
            match &row[i] {
                Cell::Number(_) => {}
                Cell::Missing => {
                    return Err(ImportError(format!("{place}: the reward is missing. Fill it in or remove the row; nothing was loaded.")));
                }
                Cell::NotFinite(text) => {
                    return Err(ImportError(format!(
                        "{place}: “{text}” is not a finite number. Correct it or remove the row; nothing was loaded."
                    )));
                }
                Cell::Text(text) => {
                    let text: String = text.chars().take(40).collect();
                    let hint = if text.contains(',') && text.replace(',', ".").trim().parse::<f64>().is_ok() {
                        " Write decimals with a point."
                    } else {
                        ""
                    };
                    return Err(ImportError(format!(
                        "{place}: “{text}” is not a number.{hint} Correct it or remove the row; nothing was loaded."
                    )));
                }
            }
        }
    }
    if kept.is_empty() {
        return Err(ImportError(format!(
            "{name} has no column of numbers. A reward table has a row for each answer and a column of rewards for each value."
        )));
    }
    check_size(name, rows.cells.len(), kept.len())?;

    let mut prompts: Vec<String> = Vec::new();
    let mut known = std::collections::HashMap::new();
    let mut answers = Vec::with_capacity(rows.cells.len());
    for row in &rows.cells {
        let text = prompt.map(|i| row[i].text()).unwrap_or_default();
        let at = *known.entry(text.clone()).or_insert_with(|| {
            prompts.push(text);
            prompts.len() - 1
        });
        let rewards = kept.iter().filter_map(|&i| if let Cell::Number(x) = row[i] { Some(x) } else { None }).collect();
        answers.push(Answer { prompt: at, text: answer.map(|i| row[i].text()).unwrap_or_default(), rewards });
    }
    let values = kept
        .iter()
        .map(|&i| Value {
            name: rows.columns[i].trim().into(),
            unit: String::new(),
            measured: format!("Column {} of {name}.", rows.columns[i].trim()),
        })
        .collect();
    let set =
        ordered(SampleSet { name: name.into(), about: format!("{} rows from your file", rows.cells.len()), values, prompts, answers });
    notes.extend(notes::about(&set));
    Ok(Imported { set, notes })
}

fn check_size(name: &str, rows: usize, values: usize) -> Result<(), ImportError> {
    if rows < 2 {
        return Err(ImportError(format!(
            "{name} has {rows} row: with fewer than two answers there is nothing to choose between. Add rows."
        )));
    }
    if values > MOST_VALUES {
        return Err(ImportError(format!(
            "{name} has {values} columns of numbers; a palette can hold at most {MOST_VALUES} values. Keep the columns that you want to compose with and open it again."
        )));
    }
    Ok(())
}

/// Answers of one prompt together, in the order of the prompts.
fn ordered(mut set: SampleSet) -> SampleSet {
    set.answers.sort_by_key(|a| a.prompt);
    set
}
