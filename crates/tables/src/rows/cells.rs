//! Columns as they stand in a file.

use super::{MOST_COLUMNS, MOST_ROWS, MOST_VALUES, PREVIEW_ROWS};
use crate::error::ImportError;
use crate::number::{is_blank, plain};
use crate::visible;
use std::collections::HashMap;

/// One cell that holds something.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Number(f64),
    Truth(bool),
    /// A word for no number, or a number by form but not by value: NaN, inf, NA, 1e999.
    NotFinite(Box<str>),
    /// A number as it is written, in a column that may be text or where digits would get lost.
    Written(Box<str>),
    Text(Box<str>),
}

/// One column. Numbers are kept bare as long as there is nothing else: most columns of a large table are
/// that. Cells that are missing take no room.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cells {
    /// Of the rows from the first.
    Numbers(Vec<f64>),
    /// With their rows, in order.
    Mixed(Vec<(u32, Cell)>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub name: String,
    pub cells: Cells,
    /// The first cells as they stand, for the preview.
    pub head: Vec<String>,
    /// Whether the file says that these are rewards: it holds them under `rewards`.
    pub is_reward: bool,
    /// Whether cells are kept as they are written.
    pub verbatim: bool,
    /// A number with a point, and whether some point cannot separate thousands.
    pub points: Option<(Box<str>, bool)>,
    /// The first row in which half a character was left out, and their number.
    pub halves: Option<(usize, usize)>,
}

/// The columns of a file, cell by cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rows {
    /// Name of the file, for messages.
    pub file: String,
    pub columns: Vec<Column>,
    /// Where each row stands in the file, counted from 1.
    pub lines: Vec<usize>,
    /// The unit that `lines` counts: `line` or `row`.
    pub unit: &'static str,
    /// What separates the cells; `None` for JSON.
    pub delimiter: Option<char>,
    /// What is to be said about the reading.
    pub notes: Vec<String>,
}

/// Rows of which the cells are kept for a preview, and the most characters of each.
const HEAD: (usize, usize) = (PREVIEW_ROWS, 300);

impl Cell {
    /// A cell of a file that knows only text.
    pub(crate) fn of_text(text: &str) -> Option<Cell> {
        let trimmed = text.trim();
        if let Some(x) = plain(trimmed) {
            return Some(match x.is_finite() {
                true if keeps_its_digits(trimmed) => Cell::Number(x),
                true => Cell::Written(trimmed.into()),
                false => Cell::NotFinite(trimmed.into()),
            });
        }
        if trimmed.trim_matches(is_blank).is_empty() {
            None
        } else if is_no_number(trimmed) {
            Some(Cell::NotFinite(trimmed.into()))
        } else if trimmed.eq_ignore_ascii_case("true") || trimmed.eq_ignore_ascii_case("false") {
            Some(Cell::Truth(trimmed.len() == 4))
        } else {
            Some(Cell::Text(text.into()))
        }
    }

    /// As it is written.
    pub(crate) fn text(&self) -> String {
        match self {
            Cell::Number(x) => x.to_string(),
            Cell::Truth(truth) => truth.to_string(),
            Cell::NotFinite(text) | Cell::Written(text) | Cell::Text(text) => text.to_string(),
        }
    }
}

/// Whether a number written so is the same once it is a float: not the case of 007 and of long ids.
fn keeps_its_digits(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text).as_bytes();
    let leading = digits.len() > 1 && digits[0] == b'0' && digits[1].is_ascii_digit();
    !leading && (digits.len() < 16 || !digits.iter().all(u8::is_ascii_digit))
}

/// Words that stand where a number is missing.
pub(super) fn is_no_number(text: &str) -> bool {
    let word = text.strip_prefix(['-', '+', '−']).unwrap_or(text);
    [
        "nan", "inf", "infinity", "na", "n/a", "#n/a", "null", "none", "<na>", "nil", "#value!", "#ref!",
        "#div/0!", "∞",
    ]
    .iter()
    .any(|known| word.eq_ignore_ascii_case(known))
}

impl Cells {
    /// The last row that holds something, and one more.
    pub(super) fn end(&self) -> usize {
        match self {
            Cells::Numbers(numbers) => numbers.len(),
            Cells::Mixed(cells) => cells.last().map_or(0, |(row, _)| *row as usize + 1),
        }
    }

    /// Adds a cell in a row after all that were added.
    fn push(&mut self, row: usize, cell: Cell) {
        match (&mut *self, cell) {
            (Cells::Numbers(numbers), Cell::Number(x)) if numbers.len() == row => numbers.push(x),
            (Cells::Numbers(numbers), cell) => {
                let numbers = std::mem::take(numbers).into_iter().enumerate();
                let mut cells: Vec<(u32, Cell)> =
                    numbers.map(|(row, x)| (row as u32, Cell::Number(x))).collect();
                cells.push((row as u32, cell));
                *self = Cells::Mixed(cells);
            }
            (Cells::Mixed(cells), cell) => cells.push((row as u32, cell)),
        }
    }

    /// Number of cells that hold something.
    pub(crate) fn count(&self) -> usize {
        match self {
            Cells::Numbers(numbers) => numbers.len(),
            Cells::Mixed(cells) => cells.len(),
        }
    }

    /// The cell in `row`.
    pub(crate) fn get(&self, row: usize) -> Option<Cell> {
        match self {
            Cells::Numbers(numbers) => numbers.get(row).map(|x| Cell::Number(*x)),
            Cells::Mixed(cells) => {
                let at = cells.binary_search_by_key(&(row as u32), |(row, _)| *row).ok()?;
                Some(cells[at].1.clone())
            }
        }
    }

    fn take(&mut self, row: usize) -> Option<Cell> {
        match self {
            Cells::Numbers(numbers) => numbers.get(row).map(|x| Cell::Number(*x)),
            Cells::Mixed(cells) => {
                let at = match cells.get(row) {
                    Some((found, _)) if *found as usize == row => row,
                    _ => cells.binary_search_by_key(&(row as u32), |(row, _)| *row).ok()?,
                };
                Some(std::mem::replace(&mut cells[at].1, Cell::Truth(false)))
            }
        }
    }

    /// The cell in `row` as text, for prompts, answers and groups; empty where it is missing. It can be taken
    /// once.
    pub(crate) fn take_text(&mut self, row: usize) -> String {
        match self.take(row) {
            None => String::new(),
            Some(Cell::Text(text) | Cell::Written(text) | Cell::NotFinite(text)) => text.into_string(),
            Some(other) => other.text(),
        }
    }

    /// Whether the cell in `row` holds something.
    pub(crate) fn has(&self, row: usize) -> bool {
        match self {
            Cells::Numbers(numbers) => row < numbers.len(),
            Cells::Mixed(cells) => {
                cells.get(row).is_some_and(|(found, _)| *found as usize == row)
                    || cells.binary_search_by_key(&(row as u32), |(row, _)| *row).is_ok()
            }
        }
    }
}

impl Column {
    pub(crate) fn new(name: String, verbatim: bool) -> Column {
        Column {
            name,
            cells: Cells::Numbers(Vec::new()),
            head: Vec::new(),
            is_reward: false,
            verbatim,
            points: None,
            halves: None,
        }
    }

    /// Adds what stands in `row`; `written` is the cell as it stands in the file.
    pub(super) fn push(&mut self, row: usize, cell: Option<Cell>, written: &str) {
        if row < HEAD.0 && self.head.len() <= row {
            self.head.resize(row, String::new());
            let start: String = written.chars().take(HEAD.1).collect();
            self.head.push(if start.len() < written.len() { start + "…" } else { start });
        }
        let Some(cell) = cell else { return };
        if matches!(cell, Cell::Number(_)) && !matches!(self.points, Some((_, true))) {
            self.see_point(written);
        }
        self.cells.push(row, cell);
    }

    fn see_point(&mut self, written: &str) {
        let Some((whole, decimals)) = written.trim().split_once('.') else { return };
        let whole = whole.trim_start_matches(['-', '+']);
        let may_be_thousands = decimals.len() == 3
            && decimals.bytes().all(|b| b.is_ascii_digit())
            && (1..=3).contains(&whole.len())
            && !whole.starts_with('0');
        if self.points.is_none() || !may_be_thousands {
            self.points = Some((written.trim().into(), !may_be_thousands));
        }
    }
}

impl Rows {
    pub(super) fn new(file: &str, unit: &'static str, delimiter: Option<char>) -> Rows {
        Rows { file: file.into(), columns: Vec::new(), lines: Vec::new(), unit, delimiter, notes: Vec::new() }
    }

    /// File, line and column, for messages.
    pub(crate) fn place(&self, row: usize, column: usize) -> String {
        format!(
            "{}, {} {}, column {}",
            self.file,
            self.unit,
            self.lines[row],
            shown(&self.columns[column].name)
        )
    }

    /// Adds a row that stands in `line`, once its cells are there.
    pub(super) fn end_row(&mut self, line: usize) -> Result<(), ImportError> {
        if self.lines.len() == MOST_ROWS {
            return Err(ImportError(format!(
                "{} has more than {MOST_ROWS} rows. Take a sample of its rows and open that.",
                self.file
            )));
        }
        self.lines.push(line);
        Ok(())
    }

    pub(super) fn check_columns(&self, columns: usize) -> Result<(), ImportError> {
        if columns <= MOST_COLUMNS {
            return Ok(());
        }
        Err(ImportError(format!(
            "{} has more than {MOST_COLUMNS} different columns; a palette can hold at most {} values. Keep \
                the columns that you want to compose with, the same in every row, and open it again.",
            self.file, MOST_VALUES
        )))
    }
}

/// A name with its invisible characters made visible.
pub(crate) fn shown(name: &str) -> String {
    visible(name).into_owned()
}

/// Refuses names that cannot be told apart.
pub(crate) fn names_apart<'n>(file: &str, names: impl Iterator<Item = &'n str>) -> Result<(), ImportError> {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for name in names.filter(|name| !name.trim().is_empty()) {
        let visible: String = name.chars().filter(|c| !is_blank(*c) || c.is_ascii_whitespace()).collect();
        let Some(before) = seen.insert(visible.trim().to_owned(), name) else { continue };
        return Err(ImportError(if before == name {
            format!("{file} has two columns called {name}. Give each its own name; nothing was loaded.")
        } else {
            format!(
                "{file} has two columns whose names differ only in blanks or in characters that cannot be \
                    seen: “{}” and “{}”. Give each its own name; nothing was loaded.",
                shown(before),
                shown(name)
            )
        }));
    }
    Ok(())
}
