//! Rows as they stand in a file, before they are a table.

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Number(f64),
    Missing,
    /// A number by form but not by value: NaN, inf, 1e999.
    NotFinite(String),
    Text(String),
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rows {
    pub columns: Vec<String>,
    /// As many cells in each row as there are columns.
    pub cells: Vec<Vec<Cell>>,
    /// Where each row stands in the file, counted from 1.
    pub lines: Vec<usize>,
    /// What `lines` counts: `line` or `row`.
    pub unit: &'static str,
}

impl Cell {
    pub(super) fn of_text(text: &str) -> Cell {
        let trimmed = text.trim();
        match trimmed.to_lowercase().as_str() {
            "" => return Cell::Missing,
            "na" | "n/a" | "null" | "none" => return Cell::NotFinite(trimmed.into()),
            _ => {}
        }
        match trimmed.parse::<f64>() {
            Ok(x) if x.is_finite() => Cell::Number(x),
            Ok(_) => Cell::NotFinite(trimmed.into()),
            Err(_) => Cell::Text(text.into()),
        }
    }

    /// As text, for prompts and answers.
    pub(super) fn text(&self) -> String {
        match self {
            Cell::Number(x) => x.to_string(),
            Cell::Missing => String::new(),
            Cell::NotFinite(t) | Cell::Text(t) => t.clone(),
        }
    }
}
