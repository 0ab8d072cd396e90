//! Reading a reward table: CSV, JSON Lines, or a JSON array of objects. All or nothing: a bad cell is reported by its line and nothing is kept.

mod build;
mod cells;
mod csv_text;
mod json_text;
mod notes;
mod roles;

use super::SampleSet;

/// How a table is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportOptions {
    /// Name of the column that holds the groups of prompts, instead of `group`.
    pub group: Option<String>,
}

/// A table that was read, with what its reader should know.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    pub set: SampleSet,
    /// Plain sentences: columns left out, what columns are used for, columns that cannot move, too few rows.
    pub notes: Vec<String>,
}

/// Why a table was not read: a plain sentence that says what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct ImportError(pub String);

/// The most values that a palette can be composed of.
pub const MOST_VALUES: usize = 64;

/// Reads the file called `name` with contents `text`.
///
/// # Errors
/// When it is no table, a reward is missing, not a number or not finite, weights cannot be used, there is no row, no numeric column, or more than
/// [`MOST_VALUES`] of them.
pub fn import(name: &str, text: &str) -> Result<Imported, ImportError> {
    import_with(name, text, &ImportOptions::default())
}

/// Like [`import`], with options.
///
/// # Errors
/// As [`import`], and when there is no column of the name that the options give.
pub fn import_with(name: &str, text: &str, options: &ImportOptions) -> Result<Imported, ImportError> {
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
    if start.starts_with('{') {
        match serde_json::from_str::<SampleSet>(start) {
            Ok(set) => return sample_set(name, set, options),
            Err(e) if looks_like_a_sample_set(start) => {
                return Err(ImportError(format!("{name} is a sample set with a mistake in it ({e}). Correct it; nothing was loaded.")));
            }
            // One object a line, or a table of one row.
            Err(_) => {}
        }
    }
    let json = start.starts_with('[') || start.starts_with('{');
    build::table(if json { json_text::read(name, start)? } else { csv_text::read(name, text, options)? }, options)
}

fn looks_like_a_sample_set(text: &str) -> bool {
    let object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text);
    object.is_ok_and(|object| ["values", "prompts", "answers"].iter().all(|key| object.get(*key).is_some_and(serde_json::Value::is_array)))
}

/// A sample set that this page saved: checked like any other file.
fn sample_set(name: &str, set: SampleSet, options: &ImportOptions) -> Result<Imported, ImportError> {
    if let Some(column) = &options.group {
        return Err(ImportError(format!(
            "{name} is a sample set, which has no column called {column} to take the groups from: its answers say their group themselves."
        )));
    }
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
        if !(answer.weight >= 0.0 && answer.weight.is_finite()) {
            return Err(ImportError(format!(
                "{name}, answer {}: its weight is {}. A weight must be a number from 0.",
                at + 1,
                answer.weight
            )));
        }
    }
    check_size(name, set.answers.len(), set.values.len())?;
    check_prompt_weights(name, &set)?;
    if let Some(g) = weightless_prompt(&set) {
        return Err(ImportError(format!(
            "{name}: every answer to prompt {} has the weight 0, so none could be given. Give one of them a positive weight, or the prompt the weight 0.",
            g + 1
        )));
    }
    let set = ordered(set);
    let notes = notes::about(&set);
    Ok(Imported { set, notes })
}

fn check_prompt_weights(name: &str, set: &SampleSet) -> Result<(), ImportError> {
    let weights = &set.prompt_weights;
    if weights.is_empty() {
        return Ok(());
    }
    let (prompts, n) = (set.prompts.len(), weights.len());
    if n != prompts {
        return Err(ImportError(format!(
            "{name}: it has {n} prompt weights for {prompts} prompts. Every prompt needs one, or none has any."
        )));
    }
    if let Some(g) = weights.iter().position(|w| !(*w >= 0.0 && w.is_finite())) {
        return Err(ImportError(format!("{name}, prompt {}: its weight is {}. A weight must be a number from 0.", g + 1, weights[g])));
    }
    if !set.answers.iter().any(|a| weights[a.prompt] > 0.0) {
        return Err(ImportError(format!("{name}: every prompt has the weight 0. Give at least one with answers a positive weight.")));
    }
    Ok(())
}

/// The first prompt that counts although no answer to it does.
fn weightless_prompt(set: &SampleSet) -> Option<usize> {
    let mut largest = vec![None::<f64>; set.prompts.len()];
    for answer in &set.answers {
        let so_far = &mut largest[answer.prompt];
        *so_far = Some(so_far.map_or(answer.weight, |w| w.max(answer.weight)));
    }
    (0..largest.len()).find(|&g| largest[g] == Some(0.0) && set.prompt_weight(g) > 0.0)
}

fn check_size(name: &str, rows: usize, values: usize) -> Result<(), ImportError> {
    if rows == 0 {
        return Err(ImportError(format!("{name} has no rows: without an answer there is nothing to compose on. Add rows.")));
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
    if !set.answers.is_sorted_by_key(|a| a.prompt) {
        set.answers.sort_by_key(|a| a.prompt);
    }
    set
}

/// The beginning of a text, in quotation marks, for messages.
fn quoted(text: &str) -> String {
    const MOST: usize = 40;
    let start: String = text.trim().chars().take(MOST).collect();
    let more = if text.trim().chars().count() > MOST { "…" } else { "" };
    format!("“{start}{more}”")
}
