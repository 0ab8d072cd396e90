//! CSV with a header; comma, semicolon or tab between the cells.

use super::ImportError;
use super::cells::{Cell, Rows};

pub(super) fn read(name: &str, text: &str) -> Result<Rows, ImportError> {
    let header = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let count = |c: char| header.matches(c).count();
    let delimiter = [',', ';', '\t'].into_iter().max_by_key(|c| count(*c)).unwrap_or(',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter as u8).from_reader(text.as_bytes());
    let failed = |e: csv::Error| {
        let line = e.position().map(|p| p.line());
        match (e.kind(), line) {
            (csv::ErrorKind::UnequalLengths { expected_len, len, .. }, Some(line)) => ImportError(format!(
                "{name}, line {line}: {len} cells where the header names {expected_len} columns. Correct the line; nothing was loaded."
            )),
            (_, line) => {
                ImportError(format!("{name}{} cannot be read as CSV: {e}.", line.map(|l| format!(", line {l}")).unwrap_or_default()))
            }
        }
    };
    let columns: Vec<String> = reader.headers().map_err(failed)?.iter().map(|c| c.trim().to_string()).collect();
    if columns.iter().all(|c| c.parse::<f64>().is_ok()) {
        return Err(ImportError(format!("{name} starts with numbers. Its first line must name the columns, one name for each value.")));
    }
    for (i, column) in columns.iter().enumerate() {
        if column.is_empty() && columns.len() > 1 {
            return Err(ImportError(format!("{name}: column {} has no name in the first line. Name every column.", i + 1)));
        }
        if columns[..i].contains(column) {
            return Err(ImportError(format!("{name} has two columns called {column}. Give each its own name.")));
        }
    }
    let (mut cells, mut lines) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(failed)?;
        lines.push(record.position().map_or(0, |p| p.line() as usize));
        cells.push(record.iter().map(Cell::of_text).collect());
    }
    Ok(Rows { columns, cells, lines, unit: "line" })
}
