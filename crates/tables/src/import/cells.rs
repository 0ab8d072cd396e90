//! Columns as they stand in a file, before they are a table.

use super::imported::ImportError;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Number(f64),
    Missing,
    /// A number by form but not by value: NaN, inf, 1e999.
    NotFinite(Box<str>),
    Text(Box<str>),
}

/// One column. Numbers are kept bare as long as there is nothing else: most columns of a large table are
/// that.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cells {
    Numbers(Vec<f64>),
    Mixed(Vec<Cell>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub name: String,
    pub cells: Cells,
}

/// The columns of a file, cell by cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rows {
    /// Name of the file, for messages.
    pub file: String,
    /// All of the same length.
    pub columns: Vec<Column>,
    /// Where each row stands in the file, counted from 1.
    pub lines: Vec<usize>,
    /// The unit that `lines` counts: `line` or `row`.
    pub unit: &'static str,
}

impl Cell {
    pub(super) fn of_text(text: &str) -> Cell {
        let trimmed = text.trim();
        match trimmed.parse::<f64>() {
            Ok(x) if x.is_finite() => return Cell::Number(x),
            Ok(_) => return Cell::NotFinite(trimmed.into()),
            Err(_) => {}
        }
        if trimmed.is_empty() {
            Cell::Missing
        } else if ["na", "n/a", "null", "none"].iter().any(|word| trimmed.eq_ignore_ascii_case(word)) {
            Cell::NotFinite(trimmed.into())
        } else {
            Cell::Text(text.into())
        }
    }
}

impl Cells {
    pub(super) fn len(&self) -> usize {
        match self {
            Cells::Numbers(numbers) => numbers.len(),
            Cells::Mixed(cells) => cells.len(),
        }
    }

    pub(super) fn push(&mut self, cell: Cell) {
        match (&mut *self, cell) {
            (Cells::Numbers(numbers), Cell::Number(x)) => numbers.push(x),
            (Cells::Numbers(numbers), cell) => {
                let cells = std::mem::take(numbers).into_iter().map(Cell::Number).chain([cell]).collect();
                *self = Cells::Mixed(cells);
            }
            (Cells::Mixed(cells), cell) => cells.push(cell),
        }
    }

    /// Fills up to `length` with missing cells.
    pub(super) fn fill(&mut self, length: usize) {
        while self.len() < length {
            self.push(Cell::Missing);
        }
    }

    pub(super) fn any_number(&self) -> bool {
        match self {
            Cells::Numbers(numbers) => !numbers.is_empty(),
            Cells::Mixed(cells) => cells.iter().any(|cell| matches!(cell, Cell::Number(_))),
        }
    }

    /// The first row with something else than a number.
    pub(super) fn first_other(&self) -> Option<(usize, &Cell)> {
        match self {
            Cells::Numbers(_) => None,
            Cells::Mixed(cells) => {
                cells.iter().enumerate().find(|(_, cell)| !matches!(cell, Cell::Number(_)))
            }
        }
    }

    /// The numbers, taken out.
    pub(super) fn take_numbers(&mut self) -> Vec<f64> {
        match self {
            Cells::Numbers(numbers) => std::mem::take(numbers),
            Cells::Mixed(cells) => cells
                .iter()
                .filter_map(|cell| if let Cell::Number(x) = cell { Some(*x) } else { None })
                .collect(),
        }
    }

    /// The cell in `row` as text.
    pub(super) fn text(&self, row: usize) -> String {
        match self {
            Cells::Numbers(numbers) => numbers[row].to_string(),
            Cells::Mixed(cells) => match &cells[row] {
                Cell::Number(x) => x.to_string(),
                Cell::Missing => String::new(),
                Cell::NotFinite(text) | Cell::Text(text) => text.to_string(),
            },
        }
    }

    /// The cell in `row` as text, for prompts, answers and groups; taken out where it is text.
    pub(super) fn take_text(&mut self, row: usize) -> String {
        match self {
            Cells::Numbers(numbers) => numbers[row].to_string(),
            Cells::Mixed(cells) => match std::mem::replace(&mut cells[row], Cell::Missing) {
                Cell::Number(x) => x.to_string(),
                Cell::Missing => String::new(),
                Cell::NotFinite(text) | Cell::Text(text) => text.into_string(),
            },
        }
    }
}

impl Rows {
    /// File, line and column, for messages.
    pub(super) fn place(&self, row: usize, column: usize) -> String {
        format!("{}, {} {}, column {}", self.file, self.unit, self.lines[row], self.columns[column].name)
    }

    /// The error of a cell that should hold a number; `what` names its role, such as `reward`.
    pub(super) fn no_number(&self, row: usize, column: usize, cell: &Cell, what: &str) -> ImportError {
        let place = self.place(row, column);
        ImportError(match cell {
            Cell::Number(x) => format!("{place}: the {what} cannot be {x}. Correct it; nothing was loaded."),
            Cell::Missing => {
                format!("{place}: the {what} is missing. Fill it in or remove the row; nothing was loaded.")
            }
            Cell::NotFinite(text) => {
                format!(
                    "{place}: “{text}” is not a finite number. Correct it or remove the row; nothing was \
                        loaded."
                )
            }
            Cell::Text(text) => {
                let text: String = text.chars().take(40).collect();
                let hint = if text.contains(',') && text.replace(',', ".").trim().parse::<f64>().is_ok() {
                    " Write decimals with a point."
                } else {
                    ""
                };
                format!(
                    "{place}: “{text}” is not a number.{hint} Correct it or remove the row; nothing was \
                        loaded."
                )
            }
        })
    }
}
