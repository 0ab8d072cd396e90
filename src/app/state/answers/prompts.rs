//! Prompts out of what was typed, pasted or opened.

use palette_tables::MOST_PROMPTS;
use palette_tables::prompts::Prompt;
use std::collections::BTreeMap;

/// Larger prompt files are refused, in bytes.
pub const LARGEST_FILE: f64 = 1e6;

/// The prompts in a text, one a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromptList {
    /// Each once, in order, without empty lines.
    pub prompts: Vec<String>,
    /// Lines left out because the same prompt stood there before.
    pub repeated: usize,
    /// The groups of those that have one, by prompt.
    pub groups: BTreeMap<String, String>,
}

/// Reads one prompt a line.
pub fn prompts_of(text: &str) -> PromptList {
    unique(text.lines().map(|line| line.trim().to_owned()))
}

/// The prompts that stand in the file called `name`. `Err` says in a sentence what is wrong.
pub fn list_of(name: &str, read: &[Prompt]) -> Result<PromptList, String> {
    let mut list = unique(read.iter().map(|prompt| one_line(&prompt.text)));
    for prompt in read.iter().filter(|prompt| !prompt.group.is_empty()) {
        list.groups.entry(one_line(&prompt.text)).or_insert_with(|| prompt.group.clone());
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prompt_once() {
        let list = prompts_of("  One? \n\nTwo?\nOne?\r\n One?");
        let prompts = vec!["One?".into(), "Two?".into()];
        assert_eq!(list, PromptList { prompts, repeated: 2, ..PromptList::default() });
    }

    fn read_file(name: &str, bytes: &[u8]) -> Result<PromptList, String> {
        list_of(name, &palette_tables::prompts::read_grouped(name, bytes).map_err(|error| error.to_string())?)
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
    fn groups_come_with_the_prompts() {
        let of = |name: &str, text: &str| read_file(name, text.as_bytes()).expect("prompts").groups;
        let groups = BTreeMap::from([("Why?".to_owned(), "teens".to_owned())]);
        assert_eq!(of("a.csv", "group,prompt\nteens,Why?\n,How?\nadults,Why?\n"), groups);
        assert_eq!(
            of("a.jsonl", "{\"prompt\": \"Why?\", \"group\": \"teens\"}\n{\"prompt\": \"How?\"}"),
            groups
        );
        assert!(of("a.txt", "Why?\nHow?").is_empty());
    }

    #[test]
    fn a_wrong_file_is_said_in_a_sentence() {
        let many = "a\n".repeat(3) + &(0..2001).map(|i| format!("Prompt {i}\n")).collect::<String>();
        for (name, bytes, words) in [
            ("a.txt", b"\xff\xd8\xff\xe0".as_slice(), "not a text file"),
            ("a.txt", b"a\0b", "not a text file"),
            ("a.txt", b" \n \n", "no prompt"),
            ("a.json", b"{\"a\": 1}", "no list of prompts"),
            ("a.json", b"[1]", "not an object"),
            ("a.json", b"[", "cannot be read as JSON"),
            ("a.csv", b"a,b\n1,2\n", "no column called prompt"),
            ("a.txt", many.as_bytes(), "2002 prompts"),
        ] {
            let said = read_file(name, bytes).expect_err(words);
            assert!(said.contains(words) && said.starts_with(name) && said.ends_with('.'), "{said}");
        }
    }
}
