//! Names that people gave, where they stand beside other words: apart, so that letters written from right to
//! left turn nothing else around, and with what cannot be seen written out.

use leptos::prelude::*;
use palette_protocol::visible;

/// A name alone, or a text out of a file.
#[component]
pub fn Name(#[prop(into)] name: String) -> impl IntoView {
    view! { <bdi>{visible(&name).into_owned()}</bdi> }
}

/// A sentence with names in it: isolated, in “quotation marks”, or to be told by letters written from right to
/// left.
#[component]
pub fn Sentence(#[prop(into)] text: String) -> impl IntoView {
    parts(&text)
        .into_iter()
        .map(|(is_name, part)| {
            let part = visible(part).into_owned();
            if is_name { view! { <bdi>{part}</bdi> }.into_any() } else { part.into_any() }
        })
        .collect_view()
}

/// A list item for each of these sentences.
pub fn sentences(texts: Vec<String>) -> impl IntoView {
    let item = |text| {
        view! {
            <li>
                <Sentence text />
            </li>
        }
    };
    texts.into_iter().map(item).collect_view()
}

/// The parts of a sentence, and whether each is a name.
fn parts(text: &str) -> Vec<(bool, &str)> {
    let (mut parts, mut rest) = (Vec::new(), text);
    let plain = |text, parts: &mut Vec<_>| {
        for (is_name, part) in quoted(text) {
            if is_name || !part.chars().any(is_right_to_left) {
                parts.push((is_name, part));
            } else {
                turned(part, parts);
            }
        }
    };
    // As `format::isolated` leaves them.
    while let Some((before, after)) = rest.split_once('\u{2068}') {
        plain(before, &mut parts);
        let (name, after) = after.split_once('\u{2069}').unwrap_or((after, ""));
        parts.push((true, name));
        rest = after;
    }
    plain(rest, &mut parts);
    parts.retain(|(_, part)| !part.is_empty());
    parts
}

fn quoted(text: &str) -> Vec<(bool, &str)> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0usize);
    for (at, c) in text.char_indices() {
        match c {
            '“' => {
                depth += 1;
                if depth == 1 {
                    parts.push((false, &text[start..at + c.len_utf8()]));
                    start = at + c.len_utf8();
                }
            }
            '”' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    parts.push((true, &text[start..at]));
                    start = at;
                }
            }
            _ => {}
        }
    }
    parts.push((depth > 0, &text[start..]));
    parts
}

/// Words written from right to left, with the numbers and signs between them, each run of them one part.
fn turned<'a>(text: &'a str, parts: &mut Vec<(bool, &'a str)>) {
    let mut done = 0;
    let mut run = None::<(usize, usize)>;
    let mut end_run = |run: &mut Option<(usize, usize)>| {
        let Some((start, end)) = run.take() else { return };
        // The full stop belongs to the sentence.
        let is_sign = |c: char| !c.is_alphanumeric();
        let end = start + text[start..end].trim_end_matches(is_sign).len();
        let start = end - text[start..end].trim_start_matches(is_sign).len();
        parts.extend([(false, &text[done..start]), (true, &text[start..end])]);
        done = end;
    };
    for word in text.split_whitespace() {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        if word.chars().any(is_right_to_left) {
            let from = run.map_or(start, |(from, _)| from);
            run = Some((from, start + word.len()));
        } else if word.chars().any(char::is_alphabetic) {
            end_run(&mut run);
        }
    }
    end_run(&mut run);
    parts.push((false, &text[done..]));
}

/// Hebrew, Arabic and their kin.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_a_name() {
        assert_eq!(parts("Plain."), [(false, "Plain.")]);
        assert_eq!(
            parts("“a “b”” and “c”."),
            [(false, "“"), (true, "a “b”"), (false, "” and “"), (true, "c"), (false, "”.")]
        );
        assert_eq!(parts("Open “ended"), [(false, "Open “"), (true, "ended")]);
        assert_eq!(parts("a”b"), [(false, "a”b")]);
    }

    #[test]
    fn what_is_written_from_right_to_left_is_a_name() {
        assert_eq!(
            parts("Row 3 of אבג 2 דהו.csv, then (נס) 7."),
            [
                (false, "Row 3 of "),
                (true, "אבג 2 דהו.csv"),
                (false, ", then ("),
                (true, "נס"),
                (false, ") 7."),
            ]
        );
        assert_eq!(parts("אבג"), [(true, "אבג")]);
        let two = "Of \u{2068}אבג\u{2069}, \u{2068}דהו\u{2069}.";
        assert_eq!(parts(two), [(false, "Of "), (true, "אבג"), (false, ", "), (true, "דהו"), (false, ".")]);
    }
}
