//! Reading a link, and saying what in it was not understood.

use super::field::{FIELDS, read_target};
use super::mend::{self, Pair, is_key};
use super::tracking::is_tracking;
use super::{LinkState, VERSION, percent};
use palette_tables::{is_unseen, visible};
use std::collections::HashMap;

/// So many problems are told one by one.
const TOLD: usize = 3;
/// So many characters of a text are repeated.
const SHOWN: usize = 60;

/// Reads a fragment, with or without `#`. The second part tells, in a few plain sentences, what in it was not
/// understood and left out. What mails and chats do to links is undone where only one thing can be meant;
/// what they add to count clicks is passed over.
pub fn read(fragment: &str) -> (LinkState, Vec<String>) {
    let mut reading = Reading::default();
    let found = mend::pairs(fragment);
    let last = found.pairs.len().saturating_sub(1);
    for (i, pair) in found.pairs.iter().enumerate() {
        let place = match (i == last, found.cut) {
            (false, _) => Place::Within,
            (true, false) => Place::Last,
            (true, true) => Place::Cut,
        };
        reading.take(pair, place);
    }
    if found.another {
        reading.problems.push("There is a second link behind it, which was left out.".to_owned());
    }
    (reading.state, summed_up(reading.problems))
}

/// Where a pair stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Within,
    /// Whatever came after the link may stick to it.
    Last,
    /// A part of it may be missing.
    Cut,
}

/// Value or key, and group.
type Key = (String, Option<String>);

#[derive(Default)]
struct Reading {
    state: LinkState,
    problems: Vec<String>,
    /// What was said about each key.
    seen: HashMap<Key, String>,
}

impl Reading {
    fn take(&mut self, pair: &Pair, place: Place) {
        let (key, group) = match pair.key.split_once('@') {
            Some((key, group)) if prefix_of_target(&pair.key).is_some() => (key, Some(group)),
            _ => (pair.key.as_str(), None),
        };
        let group = group.map_or(Some(None), |group| percent::decode(group).map(Some));
        let text = if place == Place::Last { without_brackets(&pair.text) } else { &pair.text };
        let (Some(key), Some(group), Some(text)) = (percent::decode(key), group, percent::decode(text))
        else {
            let said = shortened(&format!("{}={}", pair.key, pair.text));
            self.problems.push(format!("The link's part “{said}” is garbled and was left out."));
            return;
        };
        let key = known_key(key);
        if is_tracking(&key) || (text.is_empty() && key.chars().all(is_trailing)) {
            return;
        }
        let said = shortened(&group.as_ref().map_or(key.clone(), |group| format!("{key}@{group}")));
        match self.seen.get(&(key.clone(), group.clone())) {
            // The same link twice says nothing else.
            Some(before) if *before == text => return,
            Some(_) => {
                self.problems.push(format!("The link says “{said}” more than once; the first is used."));
                return;
            }
            None => {}
        }
        if let Err(why) = self.understand(&key, group.as_deref(), &text, place) {
            let text = shortened(&text);
            self.problems.push(format!("The link's “{said}={text}” was left out: {why}."));
        }
        self.seen.insert((key, group), text);
    }

    fn understand(&mut self, key: &str, group: Option<&str>, text: &str, place: Place) -> Result<(), String> {
        let cut = || "the link was cut there, and how it went on cannot be told".to_owned();
        let state = &mut self.state;
        if key == "v" {
            return if readings(text, place).any(|text| text == VERSION.to_string()) {
                Ok(())
            } else {
                Err(format!(
                    "it is of version “{}”, and this page reads version {VERSION}; parts of it may be missing",
                    shortened(text)
                ))
            };
        }
        if let Some(name) = prefix_of_target(key).filter(|name| !name.is_empty() && group != Some("")) {
            let target = first_understood(text, place, read_target)?;
            // A number may have had more digits; a word that is whole has no longer one.
            if place == Place::Cut && !["keep", "off", "base"].contains(&text) {
                return Err(cut());
            }
            match group {
                Some(group) => state.palette.set_on_group(group, name, target),
                None => drop(state.palette.targets.insert(name.into(), target)),
            }
            return Ok(());
        }
        let Some(field) = FIELDS.iter().find(|field| field.key == key) else {
            return Err("this page does not know it".into());
        };
        if place == Place::Cut && !(field.key == "view" || field.key == "answers") {
            return Err(cut());
        }
        if field.free {
            return (field.read)(state, &free_text(text));
        }
        first_understood(text, place, |text| (field.read)(state, text))
    }
}

/// What of a target's key comes after `t.`.
fn prefix_of_target(key: &str) -> Option<&str> {
    let start = key.get(..2).filter(|start| start.eq_ignore_ascii_case("t."));
    start.map(|_| &key[2..])
}

/// A known key as it is written here, whatever case, blanks or halves of `&amp;` it came with.
fn known_key(key: String) -> String {
    let bare: String = key.chars().filter(|c| !c.is_whitespace() && !is_unseen(*c)).collect();
    for key in [bare.as_str(), bare.strip_prefix("amp").unwrap_or_default()] {
        if is_key(key) {
            return key.to_ascii_lowercase();
        }
    }
    let start = key.trim_start_matches(|c: char| c.is_whitespace() || is_unseen(c));
    let target = prefix_of_target(start)
        .or_else(|| prefix_of_target(start.strip_prefix("amp").unwrap_or_default()))
        .map(|name| format!("t.{name}"));
    target.unwrap_or(key)
}

/// The first reading of `text` that is understood; else what is wrong with it as it stands.
fn first_understood<T>(
    text: &str,
    place: Place,
    mut read: impl FnMut(&str) -> Result<T, String>,
) -> Result<T, String> {
    let mut wrong = None;
    for reading in readings(text, place) {
        match read(&reading) {
            Ok(found) => return Ok(found),
            Err(why) => drop(wrong.get_or_insert(why)),
        }
    }
    Err(wrong.unwrap_or_default())
}

/// A text as it stands, and then with more and more undone of what happens to links.
fn readings(text: &str, place: Place) -> impl Iterator<Item = String> {
    let as_it_stands = text.to_owned();
    let plain = |text: &str| -> String {
        let seen = text.chars().filter(|c| !c.is_whitespace() && !is_unseen(*c));
        seen.map(|c| if is_dash(c) { '-' } else { c }).collect()
    };
    let mut bare = plain(text);
    while let Some(once) = percent::decode(&bare).filter(|once| *once != bare) {
        bare = plain(&once);
    }
    let trimmed = without_trailing(&bare).to_owned();
    let lower = trimmed.to_lowercase();
    // Behind a closing bracket other words begin.
    let ended = (place == Place::Last).then(|| {
        let end = lower.find(is_closing).unwrap_or(lower.len());
        without_trailing(&lower[..end]).to_owned()
    });
    [as_it_stands, bare, trimmed, lower].into_iter().chain(ended)
}

/// The text of the last pair without closing brackets behind it: of ours, none stands bare.
fn without_brackets(mut text: &str) -> &str {
    const BRACKETS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('<', '>'), ('{', '}')];
    while let Some((open, close)) = BRACKETS.into_iter().find(|(_, close)| text.ends_with(*close))
        && text.matches(close).count() > text.matches(open).count()
    {
        text = &text[..text.len() - close.len_utf8()];
    }
    text
}

fn without_trailing(text: &str) -> &str {
    let trimmed = text.trim_end_matches(is_trailing);
    // `0.2..` may be half a range.
    if text[trimmed.len()..].contains("..") { text } else { trimmed }
}

/// A text in which anything may stand. Encoded blanks where there are no others: it was encoded twice.
fn free_text(text: &str) -> String {
    let mut text = text.to_owned();
    while !text.contains(char::is_whitespace)
        && ["%20", "%0A", "%0a"].iter().any(|blank| text.contains(blank))
        && let Some(once) = percent::decode(&text)
    {
        text = once;
    }
    text
}

fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// What a link is set between.
fn is_closing(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | '>' | '<' | '"' | '”' | '“' | '’' | '»' | '›' | '|' | '`' | '*')
}

/// What may stand behind a link in a sentence, and in no level, number or name of ours at its end.
fn is_trailing(c: char) -> bool {
    is_closing(c)
        || c.is_whitespace()
        || is_unseen(c)
        || matches!(
            c,
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '‘' | '«' | '_' | '~' | '\\' | '/' | '。' | '、'
        )
}

/// The first characters, all of them to be seen.
fn shortened(text: &str) -> String {
    let text = visible(text);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

/// Many problems in a few sentences.
fn summed_up(mut problems: Vec<String>) -> Vec<String> {
    let more = problems.len().saturating_sub(TOLD);
    if more > 1 {
        problems.truncate(TOLD);
        problems.push(format!("So it is with {more} more parts of the link."));
    }
    problems
}
