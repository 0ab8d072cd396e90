//! CSV with a header; comma, semicolon or tab between the cells.

use super::cells::{Cell, Cells, Column, Rows};
use super::imported::{ImportError, ImportOptions};
use super::roles::Roles;

pub(super) fn read(name: &str, text: &str, options: &ImportOptions) -> Result<Rows, ImportError> {
    let header = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let count = |c: char| header.matches(c).count();
    let delimiter = [',', ';', '\t'].into_iter().max_by_key(|c| count(*c)).unwrap_or(',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter as u8).from_reader(text.as_bytes());
    let failed = |e: csv::Error| {
        let line = e.position().map(|p| p.line());
        match (e.kind(), line) {
            (csv::ErrorKind::UnequalLengths { expected_len, len, .. }, Some(line)) => ImportError(format!(
                "{name}, line {line}: {len} cells where the header names {expected_len} columns. Correct the \
                    line; nothing was loaded."
            )),
            (_, line) => ImportError(format!(
                "{name}{} cannot be read as CSV: {e}.",
                line.map(|l| format!(", line {l}")).unwrap_or_default()
            )),
        }
    };
    let names: Vec<String> = reader.headers().map_err(failed)?.iter().map(|c| c.trim().to_string()).collect();
    if names.iter().all(|c| c.parse::<f64>().is_ok()) {
        return Err(ImportError(format!(
            "{name} starts with numbers. Its first line must name the columns, one name for each value."
        )));
    }
    for (i, column) in names.iter().enumerate() {
        if column.is_empty() && names.len() > 1 {
            return Err(ImportError(format!(
                "{name}: column {} has no name in the first line. Name every column.",
                i + 1
            )));
        }
        if names[..i].contains(column) {
            return Err(ImportError(format!(
                "{name} has two columns called {column}. Give each its own name."
            )));
        }
    }
    let roles = Roles::of(name, &names.iter().map(String::as_str).collect::<Vec<_>>(), options)?;
    let mut columns: Vec<Column> =
        names.into_iter().map(|name| Column { name, cells: Cells::Numbers(Vec::new()) }).collect();
    let mut lines = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(failed)? {
        lines.push(record.position().map_or(0, |p| p.line() as usize));
        for (i, (column, text)) in columns.iter_mut().zip(&record).enumerate() {
            let cell = match roles.is_text(i) {
                true if text.trim().is_empty() => Cell::Missing,
                true => Cell::Text(text.into()),
                false => Cell::of_text(text),
            };
            column.cells.push(cell);
        }
    }
    Ok(Rows { file: name.into(), columns, lines, unit: "line" })
}
