//! Names that people gave, where they stand beside other words: apart, so that letters written from right to
//! left turn nothing else around, and with what cannot be seen written out.

use leptos::prelude::*;
use palette_protocol::visible;

#[component]
pub fn Name(#[prop(into)] name: String) -> impl IntoView {
    view! { <bdi>{visible(&name).into_owned()}</bdi> }
}

/// A sentence whose names stand in “quotation marks”.
#[component]
pub fn Sentence(text: String) -> impl IntoView {
    parts(&text)
        .into_iter()
        .map(|(is_name, part)| {
            let part = part.to_owned();
            if is_name { view! { <bdi>{part}</bdi> }.into_any() } else { part.into_any() }
        })
        .collect_view()
}

/// The parts of a sentence, and whether each is a name.
fn parts(text: &str) -> Vec<(bool, &str)> {
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
    parts.retain(|(_, part)| !part.is_empty());
    parts
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
}
