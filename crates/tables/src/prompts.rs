//! Files of prompts: plain text with one a line, or a table of any kind with a column of them.

use crate::error::ImportError;
use crate::names::{Name, is_prompt_id, known, order};
use crate::rows::{self, Wanted};
use crate::text::decode;
use serde::{Deserialize, Serialize};

/// A prompt with its group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    pub text: String,
    /// As the column `group` says; empty without one.
    pub group: String,
}

/// The prompts in the file called `name`, without blank ones, in order. A header and ids are no prompts.
///
/// # Errors
/// When it cannot be read or has no column of prompts.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<String>, ImportError> {
    Ok(read_grouped(name, bytes)?.into_iter().map(|prompt| prompt.text).collect())
}

/// The same, each with its group.
///
/// # Errors
/// As for [`read`].
pub fn read_grouped(name: &str, bytes: &[u8]) -> Result<Vec<Prompt>, ImportError> {
    let decoded = decode(name, bytes)?;
    let text = decoded.text.as_ref();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let start = text.trim_start();
    let json = match ending.as_str() {
        "json" | "jsonl" | "ndjson" => true,
        _ => {
            let after = |open: char| start.strip_prefix(open).map(str::trim_start);
            after('{').is_some_and(|rest| rest.starts_with('"'))
                || after('[').is_some_and(|rest| rest.starts_with(['"', '{']))
        }
    };
    let first = start.lines().next().unwrap_or_default();
    let header = first.split(['\t', ',', ';']).any(|cell| is_header(cell.trim_matches([' ', '"'])));
    let lone = !first.contains(['\t', ',', ';']);
    if json || matches!(ending.as_str(), "csv" | "tsv" | "tab") || header && !lone {
        return of_table(name, text, json);
    }
    let lines = text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty());
    let prompt = |text| Prompt { text, group: String::new() };
    let lines: Vec<Prompt> = lines.skip(usize::from(header)).map(prompt).collect();
    if lines.is_empty() { Err(none(name)) } else { Ok(lines) }
}

/// Whether a first line says that prompts follow.
fn is_header(cell: &str) -> bool {
    ["prompt", "prompts", "question", "questions", "instruction", "instructions"]
        .iter()
        .any(|known| cell.eq_ignore_ascii_case(known))
}

fn is_prompts(name: &str) -> bool {
    (known(name) == Some(Name::Prompt) && !is_prompt_id(name)) || name.trim().eq_ignore_ascii_case("text")
}

fn none(name: &str) -> ImportError {
    ImportError(format!("{name} holds no prompt. Write one prompt a line."))
}

fn of_table(name: &str, text: &str, json: bool) -> Result<Vec<Prompt>, ImportError> {
    if json && !text.trim_start().starts_with(['{', '[']) && !text.trim().is_empty() {
        return Err(ImportError(format!(
            "{name} cannot be read as JSON: it begins with neither a list nor an object. Write a list of \
                texts, or save the prompts as plain text, one a line, in a file that ends in .txt."
        )));
    }
    if text.trim().is_empty() {
        return Err(none(name));
    }
    let wanted = Wanted { what: "list of prompts", verbatim: &|_| true, named: Some(&is_prompts) };
    let mut rows = rows::of_text(name, text, &wanted, &mut |_| {})?;
    let found = (0..rows.columns.len())
        .filter(|i| is_prompts(&rows.columns[*i].name) || rows.columns.len() == 1 && rows.delimiter.is_some())
        .min_by_key(|i| order(&rows.columns[*i].name));
    let Some(column) = found else {
        return Err(ImportError(format!(
            "{name} holds no list of prompts. It must be a JSON list of texts, alone or under “prompts”, or \
                objects with a “prompt” each."
        )));
    };
    let more = (0..rows.columns.len()).find(|i| is_more(&rows.columns[column].name, &rows.columns[*i].name));
    if let Some((row, _)) = rows.columns[column].halves {
        return Err(ImportError(format!(
            "{}: half a character (a lone surrogate such as \\ud83d) stands there. Correct it.",
            rows.place(row, column)
        )));
    }
    let group = (0..rows.columns.len())
        .find(|i| *i != column && Some(*i) != more && known(&rows.columns[*i].name) == Some(Name::Group));
    let mut prompts = Vec::new();
    for row in 0..rows.lines.len() {
        let mut prompt = rows.columns[column].cells.take_text(row);
        if let Some(more) = more {
            prompt = joined(prompt, &rows.columns[more].cells.take_text(row));
        }
        if !prompt.trim().is_empty() {
            let group = group.map(|i| rows.columns[i].cells.take_text(row).trim().to_owned());
            prompts.push(Prompt { text: prompt.trim().to_owned(), group: group.unwrap_or_default() });
        }
    }
    if prompts.is_empty() { Err(none(name)) } else { Ok(prompts) }
}

/// Whether a column holds what the prompt is about, beside an instruction that says what to do with it.
pub(crate) fn is_more(prompt: &str, column: &str) -> bool {
    prompt.trim().eq_ignore_ascii_case("instruction") && column.trim().eq_ignore_ascii_case("input")
}

/// An instruction with what it is about.
pub(crate) fn joined(prompt: String, more: &str) -> String {
    if more.trim().is_empty() { prompt } else { format!("{prompt}\n\n{more}") }
}
