//! What a column holds, seen over all of its cells.

use crate::number::{self, NumberError, plain};
use crate::rows::{Cell, Cells, Column};

/// What a column holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sight {
    /// Cells that are a number, by themselves or once it is known what separates decimals.
    pub numbers: usize,
    /// Of these, numbers that JSON holds as text.
    pub quoted: usize,
    pub truths: usize,
    /// Cells that look like a number with something beside it: 45%, 4/5.
    pub odd: usize,
    /// Cells with other text.
    pub texts: usize,
    /// A number that only a decimal comma explains.
    pub comma: Option<String>,
    /// A number that only a decimal point explains.
    pub point: Option<String>,
    /// A number whose comma separates decimals or thousands.
    pub either: Option<String>,
    /// A number whose point could separate thousands.
    pub maybe_thousands: Option<String>,
    /// Whether some number has separated thousands beyond doubt.
    pub thousands: bool,
    /// Whether some number begins with a zero that a number does not need, or has more digits than one holds.
    pub keeps_digits: bool,
    /// Whether all numbers are whole.
    pub whole: bool,
}

impl Sight {
    pub(super) fn of(column: &Column) -> Sight {
        let mut sight = Sight { whole: true, ..Sight::default() };
        match &column.cells {
            Cells::Numbers(numbers) => {
                sight.numbers = numbers.len();
                sight.whole = numbers.iter().all(|x| x.fract() == 0.0);
            }
            Cells::Mixed(cells) => cells.iter().for_each(|(_, cell)| sight.add(cell)),
        }
        match &column.points {
            Some((text, true)) => sight.point = Some(text.to_string()),
            Some((text, false)) => sight.maybe_thousands = Some(text.to_string()),
            None => {}
        }
        sight
    }

    fn add(&mut self, cell: &Cell) {
        match cell {
            Cell::Number(x) => {
                self.numbers += 1;
                self.whole &= x.fract() == 0.0;
            }
            Cell::Truth(_) => self.truths += 1,
            Cell::NotFinite(_) => {}
            Cell::Written(text) => {
                self.numbers += 1;
                let text = text.trim();
                let digits = text.trim_start_matches(['-', '+']);
                let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                self.whole &= whole || plain(text).is_some_and(|x| x.fract() == 0.0);
                self.keeps_digits |=
                    whole && digits.len() > 1 && (digits.starts_with('0') || digits.len() > 15);
                if text.contains('.') {
                    self.point = Some(text.to_string());
                }
            }
            Cell::Text(text) => self.add_text(text),
        }
    }

    fn add_text(&mut self, text: &str) {
        let text = text.trim();
        // Most texts begin like one.
        if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.texts += 1;
            return;
        }
        if let Some(x) = plain(text).filter(|x| x.is_finite()) {
            self.quoted += 1;
            self.add(&Cell::Written(text.into()));
            self.whole &= x.fract() == 0.0;
            return;
        }
        match number::parse(text) {
            Ok(x) => {
                self.numbers += 1;
                self.whole &= x.fract() == 0.0;
                let (points, commas) = (text.matches('.').count(), text.matches(',').count());
                let said = || Some(text.to_owned());
                match (points, commas) {
                    (0, 0) => self.thousands = true,
                    (0, 1) => self.comma = said(),
                    (1, 0) => self.point = said(),
                    (0, _) => (self.point, self.thousands) = (said(), true),
                    (_, 0) => (self.comma, self.thousands) = (said(), true),
                    _ if text.rfind('.') > text.rfind(',') => (self.point, self.thousands) = (said(), true),
                    _ => (self.comma, self.thousands) = (said(), true),
                }
            }
            Err(NumberError::Ambiguous { .. }) => {
                self.numbers += 1;
                self.either.get_or_insert_with(|| text.to_owned());
            }
            Err(NumberError::TooLarge(_) | NumberError::Empty) => {}
            Err(NumberError::NotANumber(_)) if is_odd(text) => self.odd += 1,
            Err(NumberError::NotANumber(_)) => self.texts += 1,
        }
    }

    /// Cells that hold something that is a number or not; words for a missing one are neither.
    pub(super) fn cells(&self) -> usize {
        self.numbers + self.truths + self.odd + self.texts
    }

    /// Whether no cell is text.
    pub(super) fn is_all_numbers(&self) -> bool {
        self.texts == 0 && self.is_numeric()
    }

    /// Whether it is a column of numbers, though some cell may be wrong.
    pub(super) fn is_numeric(&self) -> bool {
        let numeric = self.numbers + self.truths + self.odd;
        numeric > 0 && 2 * numeric >= self.cells()
    }
}

/// Whether a text is a number with something beside it.
fn is_odd(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let others = |c: char| c.is_ascii_digit() || c.is_whitespace() || ".,%‰/$€£¥+-−*~≈<>()°".contains(c);
    let dates =
        text.matches('-').count() > 1 || text.matches('/').count() > 1 || text.matches('.').count() > 1;
    let sign = text.starts_with(['$', '€', '£', '~', '≈', '<', '>', '(', '+', '-', '−', '.'])
        || text.starts_with(|c: char| c.is_ascii_digit());
    digits > 0 && sign && !dates && text.chars().all(others) && text.chars().count() <= 30
}
