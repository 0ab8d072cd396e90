//! The rows of a file of any kind, cell by cell, before anybody asks what they mean: encoding, layout, JSON.

mod cells;
mod delimited;
mod json;

pub(crate) use cells::{Cell, Cells, Column, Rows, names_apart, shown};
pub use json::one_object;
pub(crate) use json::{Json, Objects, decoded as json_text};

use crate::error::ImportError;
use crate::text::decode;

/// The most rows that are read.
pub const MOST_ROWS: usize = 2_000_000;
/// The most columns that are read, whatever they hold.
pub const MOST_COLUMNS: usize = 1000;
/// The most values that a palette can be composed of.
pub const MOST_VALUES: usize = 64;
/// Rows that are kept as they stand, for the preview.
pub const PREVIEW_ROWS: usize = 5;

/// What a reader of rows wants of the file.
pub(crate) struct Wanted<'a> {
    /// What the file should be, such as “reward table”, for messages.
    pub what: &'static str,
    /// Columns whose cells are kept as they are written, even where they look like numbers.
    pub verbatim: &'a dyn Fn(&str) -> bool,
    /// Columns of which the file must have at least one where it has a header, so that a first line that
    /// names none of them is data. `None` where numbers tell a header from data.
    pub named: Option<&'a dyn Fn(&str) -> bool>,
}

/// Reads the file called `name`; `progress` is told the share that is read.
pub(crate) fn read(
    name: &str,
    bytes: &[u8],
    wanted: &Wanted,
    progress: &mut dyn FnMut(f64),
) -> Result<Rows, ImportError> {
    let decoded = decode(name, bytes)?;
    let mut rows = of_text(name, &decoded.text, wanted, progress)?;
    rows.notes.splice(0..0, decoded.note);
    Ok(rows)
}

/// The same of a text that was decoded already.
pub(crate) fn of_text(
    name: &str,
    text: &str,
    wanted: &Wanted,
    progress: &mut dyn FnMut(f64),
) -> Result<Rows, ImportError> {
    let start = text.trim_start();
    if start.is_empty() {
        return Err(ImportError(format!("{name} is empty. A {} is expected.", wanted.what)));
    }
    let page =
        start.get(..5).is_some_and(|s| s.eq_ignore_ascii_case("<html") || s.eq_ignore_ascii_case("<!doc"));
    if page || start.starts_with('<') {
        return Err(ImportError(format!(
            "{name} looks like a web page or XML, not a {}. Save the data itself as CSV or JSON.",
            wanted.what
        )));
    }
    if start.starts_with(['[', '{']) {
        json::read(name, text, wanted, progress)
    } else {
        delimited::read(name, text, wanted, progress)
    }
}
