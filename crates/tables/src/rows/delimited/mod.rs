//! Delimited text with a header: CSV with commas, semicolons, tabs or bars, and R's tables with spaces.

mod layout;
mod names;
mod records;
mod row_names;

use super::cells::{Cell, Column, Rows, names_apart};
use super::{MOST_COLUMNS, Wanted};
use crate::csv_text::unescaped;
use crate::error::ImportError;
use crate::number::{is_blank, plain};
use records::{OpenQuote, Records};
use row_names::First;
use std::borrow::Cow;

/// Rows between two words about the progress.
const REPORT_EVERY: usize = 1 << 14;

pub(super) fn read(
    name: &str,
    text: &str,
    wanted: &Wanted,
    progress: &mut dyn FnMut(f64),
) -> Result<Rows, ImportError> {
    let layout = layout::find(text);
    let open = |quote: OpenQuote| {
        let backslashes = if text.contains("\\\"") { " (R does by qmethod = \"double\")" } else { "" };
        ImportError(format!(
            "{name}, line {}: the quotation mark (\") that opens a cell there is not closed where a cell \
                ends. Close it, and double marks within a cell{backslashes}; nothing was loaded.",
            quote.line
        ))
    };
    let mut records = Records::new(&text[layout.start..], layout.delimiter, layout.line);
    let mut rows = Rows::new(name, "line", Some(char::from(layout.delimiter)));
    let (mut cells, mut marks) = (Vec::new(), Vec::new());
    let before = records.clone();
    if records.marked(&mut cells, &mut marks).map_err(open)?.is_none() {
        return Err(ImportError(format!("{name} is empty. A {} is expected.", wanted.what)));
    }
    let mut names = names::of(&cells);
    if let Some(named) = wanted.named {
        if !names.iter().any(|name| named(name)) {
            // No header: every line is data, which is only plain where there is one column.
            if names.len() > 1 {
                return Err(names::none_known(name, wanted.what, &names));
            }
            names = vec![String::new()];
            records = before;
        }
    } else {
        rows.check_columns(names.len())?;
        if !names.is_empty() && names.iter().all(|name| name.is_empty() || plain(name).is_some()) {
            return Err(names::starts_with_numbers(name));
        }
    }
    rows.check_columns(names.len())?;
    names_apart(name, names.iter().map(String::as_str))?;
    let quoted = marks.iter().all(|marked| *marked);
    // Cells before those that have names.
    let unnamed = match row_names::find(records.clone(), layout.delimiter, &names, quoted) {
        First::Named => 0,
        First::RowNames => 1,
        First::Unclear => return Err(unclear(name, layout.delimiter)),
    };
    if unnamed > 0 {
        rows.notes.push(
            "The first cell of each row has no name in the first line: it is the row's name, as R writes it, \
                and left out."
                .into(),
        );
    }
    rows.columns =
        names.into_iter().map(|name| Column::new(name.clone(), (wanted.verbatim)(&name))).collect();

    let mut escaped = 0;
    let mut numeric: Option<Vec<bool>> = None;
    while let Some(line) = records.next(&mut cells).map_err(open)? {
        let used = cells.iter().rposition(|cell| !is_empty(cell)).map_or(0, |last| last + 1);
        if used == 0 {
            continue;
        }
        let row = rows.lines.len();
        if unnamed == 0 && (cells.len() < rows.columns.len() || used > rows.columns.len()) {
            // Columns without a name that stay empty need no cell.
            let named = rows.columns.iter().rposition(|c| !c.name.is_empty()).map_or(0, |last| last + 1);
            if cells.len() < named || used > rows.columns.len() {
                return Err(ragged(&rows, line, &cells, used));
            }
        }
        let is_number = |(i, cell): (usize, &Cow<str>)| i >= unnamed && plain(cell.trim()).is_some();
        let pattern = numeric.get_or_insert_with(|| cells.iter().enumerate().map(is_number).collect());
        if let Some(cell) = cells.iter().find(|cell| cell.contains('\n')) {
            check_swallowed(name, line, cell, layout.delimiter, pattern)?;
        }
        for (column, text) in rows.columns.iter_mut().zip(&cells[unnamed..]) {
            let text = unescaped(text).map_or(text.as_ref(), |text| {
                escaped += 1;
                text
            });
            let cell = match column.verbatim {
                true if is_empty(text) => None,
                true if plain(text.trim()).is_some() => Some(Cell::Written(text.into())),
                true => Some(Cell::Text(text.into())),
                false => Cell::of_text(text),
            };
            column.push(row, cell, text);
        }
        rows.end_row(line)?;
        if row.is_multiple_of(REPORT_EVERY) {
            progress(records.share());
        }
    }
    if escaped > 0 {
        rows.notes.push(format!(
            "{escaped} cells with an apostrophe before =, +, - or @ were read without it, as tables are \
                written for spreadsheets."
        ));
    }
    Ok(rows)
}

fn is_empty(cell: &str) -> bool {
    cell.bytes().next().is_none_or(|b| !b.is_ascii_graphic()) && cell.trim_matches(is_blank).is_empty()
}

fn unclear(name: &str, delimiter: u8) -> ImportError {
    let sign = match delimiter {
        b'\t' => "tab".into(),
        b' ' => "space".into(),
        other => format!("“{}”", char::from(other)),
    };
    ImportError(format!(
        "{name}: every row has one cell more than the first line has names, the last of them empty. If the \
            first cells are the rows' names, write the table without them (in R row.names = FALSE); else take \
            away the {sign} at the end of the rows. Nothing was loaded."
    ))
}

fn ragged(rows: &Rows, line: usize, cells: &[Cow<str>], used: usize) -> ImportError {
    let columns = rows.columns.len();
    let found = if used > columns { used } else { cells.len() };
    let comma = rows.delimiter == Some(',') && found > columns;
    let hint = if comma {
        " Text that holds commas, and numbers with decimal commas, must stand in quotation marks (\")."
    } else {
        ""
    };
    let names = if rows.lines.is_empty() && found == columns + 1 {
        " If its first cell is the row's name, give that column a name as well, or write the table without it \
            (in R row.names = FALSE)."
    } else {
        ""
    };
    let excess = MOST_COLUMNS.min(found);
    let count = if excess < found { format!("more than {excess}") } else { found.to_string() };
    ImportError(format!(
        "{}, line {line}: {count} cells where the header names {columns} columns.{hint}{names} Correct the \
            line; nothing was loaded.",
        rows.file
    ))
}

/// Refuses a cell in quotation marks that holds whole rows: its mark was not meant to open it.
fn check_swallowed(
    name: &str,
    line: usize,
    cell: &str,
    delimiter: u8,
    numeric: &[bool],
) -> Result<(), ImportError> {
    let lines: Vec<&str> = cell.lines().collect();
    if numeric.len() < 2 || !numeric.contains(&true) || lines.len() < 3 {
        return Ok(());
    }
    let delimiter = char::from(delimiter);
    let is_row = |text: &&&str| {
        let cells: Vec<&str> = text.split(delimiter).collect();
        cells.len() == numeric.len()
            && cells.iter().zip(numeric).all(|(cell, number)| !number || plain(cell.trim()).is_some())
    };
    let swallowed = lines[1..lines.len() - 1].iter().filter(is_row).count();
    if swallowed == 0 {
        return Ok(());
    }
    Err(ImportError(format!(
        "{name}, line {line}: the quotation mark (\") that opens a cell there closes only {} lines later, \
            with what looks like {swallowed} more rows between. Close it where the cell ends; nothing was loaded.",
        lines.len() - 1
    )))
}
