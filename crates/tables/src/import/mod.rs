//! Reading a reward table: CSV, JSON Lines, or a JSON array of objects. All or nothing: a bad cell is
//! reported by its line and nothing is kept.

mod build;
mod cells;
mod csv_text;
mod imported;
mod json_text;
mod notes;
mod role;
mod roles;
mod rules;
mod saved_set;

pub use imported::{ImportError, ImportOptions, Imported, PREVIEW_ROWS, Preview, PreviewColumn};
pub use role::Role;
pub use rules::MOST_VALUES;

use super::SampleSet;

/// Checks a set that was kept, as [`import`] checks one from a file called `name`.
///
/// # Errors
/// As [`import`], and when a reward is not finite.
pub fn check(name: &str, set: SampleSet) -> Result<Imported, ImportError> {
    let infinite = |answer: &crate::Answer| answer.rewards.iter().any(|reward| !reward.is_finite());
    if let Some(at) = set.answers.iter().position(infinite) {
        return Err(ImportError(format!("{name}, answer {}: a reward is not a finite number.", at + 1)));
    }
    saved_set::checked(name, set, &ImportOptions::default())
}

/// Reads the file called `name`. `progress` is told the share that is read, from 0 to 1.
///
/// # Errors
/// When it is no table, a reward is missing, not a number or not finite, weights cannot be used, there is no
/// row, no numeric column, or more than [`MOST_VALUES`] of them; and when there is no column of a name that the
/// options give.
pub fn import(
    name: &str,
    bytes: &[u8],
    options: &ImportOptions,
    progress: &mut dyn FnMut(f64),
) -> Result<Imported, ImportError> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        ImportError(format!(
            "{name} is not a text file in UTF-8. Save the table as CSV, JSON Lines or JSON in UTF-8."
        ))
    })?;
    let imported = read(name, text, options)?;
    progress(1.0);
    Ok(imported)
}

fn read(name: &str, text: &str, options: &ImportOptions) -> Result<Imported, ImportError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = text.trim_start();
    if start.is_empty() {
        return Err(ImportError(format!(
            "{name} is empty. A reward table has a row for each answer and a column for each value."
        )));
    }
    if start.starts_with('<') {
        return Err(ImportError(format!(
            "{name} looks like a web page, not a table. Save the data itself as CSV or JSON."
        )));
    }
    if text.contains('\0') {
        return Err(ImportError(format!(
            "{name} is not a text file. Save the table as CSV, JSON Lines or JSON in UTF-8."
        )));
    }
    if start.starts_with('{') {
        match serde_json::from_str::<SampleSet>(start) {
            Ok(set) => return saved_set::checked(name, set, options),
            Err(e) if saved_set::is_meant_by(start) => {
                return Err(ImportError(format!(
                    "{name} is a sample set with a mistake in it ({e}). Correct it; nothing was loaded."
                )));
            }
            // One object a line, or a table of one row.
            Err(_) => {}
        }
    }
    let json = start.starts_with('[') || start.starts_with('{');
    build::table(
        if json { json_text::read(name, start)? } else { csv_text::read(name, text, options)? },
        options,
    )
}
