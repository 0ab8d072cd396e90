//! The names in the first line.

use super::super::cells::shown;
use crate::csv_text::unescaped;
use crate::error::ImportError;
use std::borrow::Cow;

/// The names without the blanks around them; a line break within is a blank.
pub(super) fn of(cells: &[Cow<str>]) -> Vec<String> {
    let name = |cell: &Cow<str>| {
        let text = cell.trim();
        let text = unescaped(text).unwrap_or(text);
        if text.contains(['\n', '\r']) {
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        } else {
            text.to_owned()
        }
    };
    cells.iter().map(name).collect()
}

/// The error of a first line of numbers.
pub(super) fn starts_with_numbers(file: &str) -> ImportError {
    ImportError(format!(
        "{file} starts with numbers. Its first line must name the columns, one name for each value."
    ))
}

/// The error of a header that has none of the names that it should.
pub(super) fn none_known(file: &str, what: &str, names: &[String]) -> ImportError {
    let mut found: Vec<String> = names.iter().take(10).map(|name| shown(name)).collect();
    if names.len() > 10 {
        found.push("…".into());
    }
    ImportError(format!(
        "{file} has no column called prompt, as a {what} needs. Its first line says: {}. Name the column of \
            prompts so there.",
        found.join(", ")
    ))
}
