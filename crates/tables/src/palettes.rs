//! Files of palettes: a column for each value, a row for each palette.

use crate::error::ImportError;
use crate::rows::{self, Wanted, shown};
use crate::spec::parse_cell;
use crate::{Palette, Target};

/// A palette with its name and place in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedPalette {
    /// Of the column `name`, or the number of the row.
    pub name: String,
    /// File and line, for messages.
    pub place: String,
    /// Has a target for every value; those that the file does not name are off.
    pub palette: Palette,
}

/// Reads the file called `name` of palettes on `values`: CSV, JSON Lines or what else a table may be.
///
/// # Errors
/// When it cannot be read, names a value that is not among `values`, or a cell is no target.
pub fn read(name: &str, bytes: &[u8], values: &[String]) -> Result<Vec<NamedPalette>, ImportError> {
    let wanted = Wanted { what: "table of palettes", verbatim: &|_| true, named: None };
    let mut rows = rows::read(name, bytes, &wanted, &mut |_| {})?;
    // Columns and rows without any content are none.
    rows.columns.retain(|column| !column.name.is_empty() || column.cells.count() > 0);
    let has = |name: &str| values.iter().any(|value| value == name);
    let label = rows.columns.iter().position(|column| column.name == "name" && !has("name"));
    for (i, column) in rows.columns.iter().enumerate().filter(|(i, _)| Some(*i) != label) {
        if column.name.is_empty() {
            return Err(ImportError(format!(
                "{name}: column {} has no name in the first line. Name the value that it is for.",
                i + 1
            )));
        }
        if !has(&column.name) {
            return Err(ImportError(format!(
                "{name}: The table has no value called “{}”. Its values are {}.",
                shown(&column.name),
                values.join(", ")
            )));
        }
    }
    let mut palettes = Vec::with_capacity(rows.lines.len());
    for row in 0..rows.lines.len() {
        let mut palette = Palette {
            targets: values.iter().map(|value| (value.clone(), Target::Off)).collect(),
            ..Palette::default()
        };
        let mut called = None;
        for i in 0..rows.columns.len() {
            let text = rows.columns[i].cells.take_text(row);
            if Some(i) == label {
                called = Some(text).filter(|text| !text.trim().is_empty());
                continue;
            }
            let target =
                parse_cell(&text).map_err(|e| ImportError(format!("{}: {e}", rows.place(row, i))))?;
            palette.targets.insert(rows.columns[i].name.clone(), target);
        }
        palettes.push(NamedPalette {
            name: called.unwrap_or_else(|| (row + 1).to_string()),
            place: format!("{name}, {} {}", rows.unit, rows.lines[row]),
            palette,
        });
    }
    if palettes.is_empty() {
        return Err(ImportError(format!(
            "{name} has no palettes: below the names of the values, every row is one."
        )));
    }
    Ok(palettes)
}
