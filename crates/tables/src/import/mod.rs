//! Reading a reward table: CSV, JSON Lines, or a JSON array of objects. All or nothing: a bad cell is
//! reported by its line and nothing is kept.

mod build;
mod cells;
mod csv_text;
mod imported;
mod json_text;
mod notes;
mod roles;
mod rules;
mod saved_set;

pub use imported::{ImportError, ImportOptions, Imported};
pub use rules::MOST_VALUES;

use super::SampleSet;

/// Reads the file called `name` with contents `text`.
///
/// # Errors
/// When it is no table, a reward is missing, not a number or not finite, weights cannot be used, there is no
/// row, no numeric column, or more than [`MOST_VALUES`] of them.
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
