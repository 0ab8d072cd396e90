//! The prompt of each row.

use crate::error::ImportError;
use crate::prompts::joined;
use crate::rows::{Rows, shown};
use std::collections::HashMap;

/// The prompts of a table.
#[derive(Debug, Default)]
pub(super) struct Prompts {
    /// Each once, in order of appearance.
    pub texts: Vec<String>,
    /// The row where each stands first.
    pub first: Vec<usize>,
    /// The prompt of each row.
    pub of_row: Vec<usize>,
    /// Rows whose cell was blank, so that the prompt above counts.
    pub filled: Vec<bool>,
    pub notes: Vec<String>,
}

/// Takes the prompts out of `columns`, which are joined; one empty prompt where there is none.
pub(super) fn take(rows: &mut Rows, columns: &[usize]) -> Result<Prompts, ImportError> {
    let count = rows.lines.len();
    let mut prompts = Prompts { filled: vec![false; count], ..Prompts::default() };
    let Some((&main, more)) = columns.split_first() else {
        prompts.texts.push(String::new());
        prompts.first.push(0);
        prompts.of_row = vec![0; count];
        return Ok(prompts);
    };
    for column in columns {
        if let Some((row, _)) = rows.columns[*column].halves {
            return Err(ImportError(format!(
                "{}: half a character (a lone surrogate such as \\ud83d) stands in the prompt, so that it \
                    cannot be told which prompt is meant. Correct it; nothing was loaded.",
                rows.place(row, *column)
            )));
        }
    }
    let blanks = (0..count).filter(|row| !rows.columns[main].cells.has(*row)).count();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut above: Option<(String, usize)> = None;
    for row in 0..count {
        let mut text = rows.columns[main].cells.take_text(row);
        if text.trim().is_empty() {
            match &above {
                Some((_, prompt)) => {
                    prompts.of_row.push(*prompt);
                    prompts.filled[row] = true;
                    continue;
                }
                None => return Err(blank(rows, row, main, "and none stands above it")),
            }
        }
        for column in more {
            text = joined(text, &rows.columns[*column].cells.take_text(row));
        }
        // Where prompts are repeated, a blank one is no merged cell.
        if blanks > 0 && above.as_ref().is_some_and(|(before, _)| *before == text) {
            let first = prompts.filled.iter().position(|filled| *filled);
            let at =
                first.or_else(|| (row..count).find(|r| !rows.columns[main].cells.has(*r))).unwrap_or(row);
            return Err(blank(rows, at, main, "though other rows repeat theirs"));
        }
        let at = match known.get(&text) {
            Some(at) => *at,
            None => {
                prompts.texts.push(text.clone());
                prompts.first.push(row);
                known.insert(text.clone(), prompts.texts.len() - 1);
                prompts.texts.len() - 1
            }
        };
        if blanks > 0 {
            above = Some((text, at));
        }
        prompts.of_row.push(at);
    }
    if blanks > 0 {
        prompts.notes.push(format!(
            "{blanks} blank cells of {} stand for the prompt above them, as merged cells do.",
            shown(&rows.columns[main].name)
        ));
    }
    prompts.notes.extend(alike(&prompts.texts));
    Ok(prompts)
}

fn blank(rows: &Rows, row: usize, column: usize, why: &str) -> ImportError {
    ImportError(format!(
        "{}: the prompt is missing, {why}. Fill it in or remove the row; nothing was loaded.",
        rows.place(row, column)
    ))
}

/// Says where prompts are told apart by blanks or case alone.
fn alike(texts: &[String]) -> Option<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (at, text) in texts.iter().enumerate() {
        // Long texts are no names that somebody mistyped.
        if text.len() > 1000 {
            continue;
        }
        let plain: String =
            text.chars().filter(|c| !crate::number::is_blank(*c)).flat_map(char::to_lowercase).collect();
        if let Some(before) = seen.insert(plain, at) {
            return Some(format!(
                "{} and {} are two prompts: they differ in blanks or capitals alone.",
                super::notes::quoted(&texts[before]),
                super::notes::quoted(&texts[at])
            ));
        }
    }
    None
}
