//! Prompts out of what was typed, pasted or opened.

use palette_tables::MOST_PROMPTS;
use serde_json::Value;

/// Larger prompt files are refused, in bytes.
pub const LARGEST_FILE: f64 = 1e6;

/// The prompts in a text, one a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromptList {
    /// Each once, in order, without empty lines.
    pub prompts: Vec<String>,
    /// Lines left out because the same prompt stood there before.
    pub repeated: usize,
}

/// Reads one prompt a line.
pub fn prompts_of(text: &str) -> PromptList {
    unique(text.lines().map(|line| line.trim().to_owned()))
}

/// Reads the file called `name`: one prompt a line, or JSON, or CSV with a column of prompts. `Err` says in a
/// sentence what is wrong.
pub fn read_file(name: &str, bytes: &[u8]) -> Result<PromptList, String> {
    if bytes.len() as f64 > LARGEST_FILE {
        return Err(too_large(name));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => text.trim_start_matches('\u{feff}'),
        _ => {
            return Err(format!(
                "{name} is not a text file. Save the prompts as plain text in UTF-8, one prompt a line."
            ));
        }
    };
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let list = match ending.as_str() {
        "json" => unique(from_json(name, text)?.into_iter()),
        "csv" => unique(from_csv(name, text)?.into_iter()),
        _ => prompts_of(text),
    };
    match list.prompts.len() {
        0 => Err(format!("{name} holds no prompt. Write one prompt a line.")),
        n if n > MOST_PROMPTS => Err(format!(
            "{name} holds {n} prompts, and at most {MOST_PROMPTS} can be answered at a time. Take a part of \
                it."
        )),
        _ => Ok(list),
    }
}

/// The sentence about a file that is not even read.
pub fn too_large(name: &str) -> String {
    format!("{name} is larger than 1 MB, too large for a list of prompts. Take a part of it.")
}

fn unique(lines: impl Iterator<Item = String>) -> PromptList {
    let mut seen = std::collections::HashSet::new();
    let mut list = PromptList::default();
    for line in lines.filter(|line| !line.is_empty()) {
        if seen.insert(line.clone()) {
            list.prompts.push(line);
        } else {
            list.repeated += 1;
        }
    }
    list
}

/// A prompt is one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A list of texts or of objects with a `prompt`, alone or under `prompts`.
fn from_json(name: &str, text: &str) -> Result<Vec<String>, String> {
    let wrong = || {
        format!("{name} holds no list of prompts. It must be a JSON list of texts, alone or under “prompts”.")
    };
    let value: Value =
        serde_json::from_str(text).map_err(|error| format!("{name} cannot be read as JSON ({error})."))?;
    let list = match &value {
        Value::Array(list) => list,
        Value::Object(object) => object.get("prompts").and_then(Value::as_array).ok_or_else(wrong)?,
        _ => return Err(wrong()),
    };
    let text_of =
        |item: &Value| item.as_str().or_else(|| item.get("prompt")?.as_str()).map(one_line).ok_or_else(wrong);
    list.iter().map(text_of).collect()
}

/// The column `prompt` or `question` of a table; the only column when there is just one.
fn from_csv(name: &str, text: &str) -> Result<Vec<String>, String> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let failed = |error: csv::Error| format!("{name} cannot be read as CSV ({error}).");
    let header = reader.headers().map_err(failed)?.clone();
    let named =
        |cell: &str| ["prompt", "question"].iter().any(|known| cell.trim().eq_ignore_ascii_case(known));
    let column = match header.iter().position(named) {
        Some(column) => column,
        // Then the first line is a prompt like the others.
        None if header.len() == 1 => {
            return Ok(text.lines().map(|line| one_line(line.trim().trim_matches('"'))).collect());
        }
        None => {
            return Err(format!(
                "{name} has no column called prompt. Name the column of prompts so in the first line."
            ));
        }
    };
    reader.records().map(|record| record.map(|record| one_line(&record[column])).map_err(failed)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prompt_once() {
        let list = prompts_of("  One? \n\nTwo?\nOne?\r\n One?");
        assert_eq!(list, PromptList { prompts: vec!["One?".into(), "Two?".into()], repeated: 2 });
    }

    #[test]
    fn files_of_every_kind() {
        let two = ["Why, oh why?", "How?"];
        for (name, text) in [
            ("a.txt", "Why, oh why?\nHow?\n"),
            ("a", "\u{feff}Why, oh why?\r\nHow?"),
            ("a.json", r#"["Why,\n oh why?", "How?"]"#),
            ("a.json", r#"{"name": "x", "prompts": [{"prompt": "Why, oh why?"}, "How?"]}"#),
            ("a.csv", "id,Prompt\n1,\"Why, oh why?\"\n2,How?\n"),
            ("a.csv", "prompt\n\"Why, oh why?\"\nHow?"),
        ] {
            assert_eq!(
                read_file(name, text.as_bytes()).map(|list| list.prompts),
                Ok(two.map(String::from).to_vec()),
                "{text}"
            );
        }
        assert_eq!(read_file("a.csv", b"How?\nWhy?").map(|list| list.prompts.len()), Ok(2));
    }

    #[test]
    fn a_wrong_file_is_said_in_a_sentence() {
        let many = "a\n".repeat(3) + &(0..2001).map(|i| format!("Prompt {i}\n")).collect::<String>();
        for (name, bytes, words) in [
            ("a.txt", b"\xff\xd8\xff\xe0".as_slice(), "not a text file"),
            ("a.txt", b"a\0b", "not a text file"),
            ("a.txt", b" \n \n", "no prompt"),
            ("a.json", b"{\"a\": 1}", "no list of prompts"),
            ("a.json", b"[1]", "no list of prompts"),
            ("a.json", b"[", "cannot be read as JSON"),
            ("a.csv", b"a,b\n1,2\n", "no column called prompt"),
            ("a.txt", many.as_bytes(), "2002 prompts"),
            ("a.txt", &[b'a'; 1_000_001], "1 MB"),
        ] {
            let said = read_file(name, bytes).expect_err(words);
            assert!(said.contains(words) && said.starts_with(name) && said.ends_with('.'), "{said}");
        }
    }
}
