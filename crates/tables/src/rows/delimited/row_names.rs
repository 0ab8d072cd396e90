//! Row names as R writes them: a cell more at the beginning of each row than the first line has names.
//!
//! A row has a cell too many as well where a text or a number with a comma stands without quotation marks, or
//! where a column was left without a name; then the same cells mean something else. Row names are therefore
//! taken only for what R makes of them by itself, different whole numbers, and only where the marks around
//! texts leave no other reading.

use super::super::cells::is_no_number;
use super::is_empty;
use super::records::Records;
use crate::names::{Name, is_bookkeeping, is_prompt_id, known};
use crate::number::{self, plain};
use std::collections::HashSet;

/// What the first cells of the rows are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum First {
    /// What the first name says.
    Named,
    /// Names of the rows, which the first line has no name for.
    RowNames,
    /// Either; the last cells are all empty.
    Unclear,
}

/// What `records`, which stand below a first line of `names`, begin with. `quoted` says whether all of the
/// names stand in quotation marks.
pub(super) fn find(mut records: Records, delimiter: u8, names: &[String], quoted: bool) -> First {
    let texts: Vec<bool> = names.iter().map(|name| is_text(name)).collect();
    let Some(first) = names.first() else { return First::Named };
    // Without quotation marks a sign within a text would make a cell of its own; few texts have tabs in them.
    let told_by_texts = !quoted || is_bookkeeping(first) || is_prompt_id(first);
    if !quoted && delimiter != b'\t' || told_by_texts && !texts.contains(&true) {
        return First::Named;
    }
    let (mut cells, mut marks) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    let mut all_marked = vec![true; names.len() + 1];
    let (mut last_is_empty, mut may_be_decimals) = (true, delimiter == b',');
    loop {
        match records.marked(&mut cells, &mut marks) {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(_) => return First::Named,
        }
        if cells.iter().all(|cell| is_empty(cell)) {
            continue;
        }
        let is_new = number_of_row(&cells[0]).is_some_and(|number| seen.insert(number));
        if cells.len() != names.len() + 1 || !is_new || quoted && !marks[0] {
            return First::Named;
        }
        for ((cell, marked), is_text) in cells.iter().zip(&marks).skip(1).zip(&texts) {
            let missing = is_empty(cell) || is_no_number(cell);
            let fits = match (quoted, is_text) {
                (true, true) => *marked || missing,
                (true, false) => *marked || missing || is_bare(cell),
                (false, true) => !is_bare(cell),
                (false, false) => true,
            };
            if !fits {
                return First::Named;
            }
        }
        all_marked.iter_mut().zip(&marks).for_each(|(all, marked)| *all &= marked);
        last_is_empty &= cells.last().is_some_and(|cell| is_empty(cell));
        may_be_decimals &=
            (1..names.len()).any(|i| !marks[i] && !marks[i + 1] && is_split_number(&cells[i], &cells[i + 1]));
    }
    let leading = all_marked.iter().take_while(|marked| **marked).count();
    // Texts by name up to a last one that without row names would stand below the name of a number.
    let shifted = leading >= 2
        && texts[..leading - 1].iter().all(|is_text| *is_text)
        && texts.get(leading - 1) == Some(&false);
    match (seen.is_empty(), may_be_decimals && !shifted, last_is_empty) {
        (false, false, false) => First::RowNames,
        (false, false, true) => First::Unclear,
        _ => First::Named,
    }
}

/// A whole number, which R may write as 1e+05.
fn number_of_row(cell: &str) -> Option<u64> {
    let (digits, zeros) = cell.split_once("e+").unwrap_or((cell, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let tens = 10u64.checked_pow(zeros.parse().ok().filter(|_| is_number(zeros))?)?;
    digits.parse::<u64>().ok().filter(|_| is_number(digits))?.checked_mul(tens)
}

/// Whether the column holds texts by its name.
fn is_text(name: &str) -> bool {
    matches!(known(name), Some(Name::Prompt | Name::Answer)) && !is_prompt_id(name)
}

/// Whether a cell is what R writes without quotation marks: a number, a truth, a date.
fn is_bare(cell: &str) -> bool {
    let cell = cell.trim();
    let is_date = || {
        cell.starts_with(|c: char| c.is_ascii_digit())
            && cell
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, '-' | ':' | '/' | '.' | ' ' | 'T' | 'Z'))
    };
    plain(cell).is_some() || matches!(cell, "TRUE" | "FALSE") || number::parse(cell).is_ok() || is_date()
}

/// Whether two cells may be one number with a comma that stands without quotation marks.
fn is_split_number(whole: &str, decimals: &str) -> bool {
    whole.trim().ends_with(|c: char| c.is_ascii_digit())
        && !whole.contains('.')
        && decimals.trim().starts_with(|c: char| c.is_ascii_digit())
        && !decimals.contains('.')
}
