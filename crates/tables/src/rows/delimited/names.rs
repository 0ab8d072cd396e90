//! The names in the first line.

use super::super::cells::shown;
use crate::csv_text::unescaped;
use crate::error::ImportError;
use crate::number::is_blank;
use std::borrow::Cow;
use std::collections::HashMap;

/// The names without the blanks around them, up to the last column that has one; a line break within is a blank.
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

/// Refuses names that cannot be told apart.
pub(super) fn check(file: &str, line: usize, names: &[String]) -> Result<(), ImportError> {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for name in names.iter().filter(|name| !name.is_empty()) {
        let visible: String = name.chars().filter(|c| !is_blank(*c) || c.is_ascii_whitespace()).collect();
        let Some(before) = seen.insert(visible.trim().to_owned(), name) else { continue };
        return Err(ImportError(if before == name {
            format!(
                "{file} has two columns called {name} (line {line}). Give each its own name; nothing was loaded."
            )
        } else {
            format!(
                "{file} has two columns whose names differ only in characters that cannot be seen: {} and {} (line \
                    {line}). Give each its own name; nothing was loaded.",
                shown(before),
                shown(name)
            )
        }));
    }
    Ok(())
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
        "{file} has no column called prompt, as a {what} needs. Its first line says: {}. Name the column of prompts so \
            there.",
        found.join(", ")
    ))
}
