//! Columns as numbers.

use super::judge::Sight;
use crate::error::ImportError;
use crate::number::{self, DecimalMark};
use crate::rows::{Cell, Cells, Rows};

/// A cell that should hold a number and does not: row, column, and the sentence about it.
pub(super) type Wrong = (usize, usize, ImportError);

/// The column as numbers; `what` names its role, such as `reward`.
pub(super) fn take(
    rows: &mut Rows,
    column: usize,
    sight: &Sight,
    mark: Option<DecimalMark>,
    what: &str,
) -> Result<Vec<f64>, Wrong> {
    let count = rows.lines.len();
    let wrong = |rows: &Rows, row: usize, said: String| {
        (row, column, ImportError(format!("{}: {said}; nothing was loaded.", rows.place(row, column))))
    };
    let missing = || format!("the {what} is missing. Fill it in or remove the row");
    let cells = match &mut rows.columns[column].cells {
        Cells::Numbers(numbers) => {
            let numbers = std::mem::take(numbers);
            return match numbers.len() {
                n if n < count => Err(wrong(rows, n, missing())),
                _ => Ok(numbers),
            };
        }
        Cells::Mixed(cells) => std::mem::take(cells),
    };
    let mut numbers = Vec::with_capacity(count);
    let mut next = cells.iter().peekable();
    for row in 0..count {
        let cell = match next.peek() {
            Some((at, cell)) if *at as usize == row => {
                next.next();
                cell
            }
            _ => return Err(wrong(rows, row, missing())),
        };
        match of_cell(cell, sight, mark) {
            Ok(x) => numbers.push(x),
            Err(said) => return Err(wrong(rows, row, said)),
        }
    }
    Ok(numbers)
}

fn of_cell(cell: &Cell, sight: &Sight, mark: Option<DecimalMark>) -> Result<f64, String> {
    const REMEDY: &str = "Correct it or remove the row";
    match cell {
        // Beside true and false only what these stand for.
        Cell::Number(x) if sight.truths > 0 && *x != 0.0 && *x != 1.0 => {
            Err(format!("{x} stands among true and false. Write numbers in the whole column"))
        }
        Cell::Number(x) => Ok(*x),
        Cell::Truth(truth) => Ok(f64::from(u8::from(*truth))),
        Cell::NotFinite(text) => Err(format!("“{}” is not a finite number. {REMEDY}", start_of(text))),
        Cell::Written(text) | Cell::Text(text) => {
            let parsed = match mark {
                Some(mark) => number::parse_with(text, mark),
                None => number::parse(text),
            };
            parsed.map_err(|_| {
                let hint = if text.contains('%') {
                    " Write percentages as numbers without the sign, all in one way."
                } else if is_yes_or_no(text) {
                    " Write 1 for yes and 0 for no."
                } else {
                    ""
                };
                format!("“{}” is not a number.{hint} {REMEDY}", start_of(text))
            })
        }
    }
}

/// Whether somebody may mean 1 or 0 by it; it is not read as that, since answers of models are such words
/// too.
pub(super) fn is_yes_or_no(text: &str) -> bool {
    ["yes", "no", "y", "n", "pass", "fail"].iter().any(|word| word.eq_ignore_ascii_case(text.trim()))
}

fn start_of(text: &str) -> String {
    text.trim().chars().take(40).collect()
}
