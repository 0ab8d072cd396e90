//! The text of a lesson: plain, with `*emphasis*`, `**strong emphasis**` and `` `code` ``, and nothing else.

/// How a run of text is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emphasis {
    Plain,
    Light,
    Strong,
    Code,
}

const SIGNS: [(&str, Emphasis); 3] =
    [("**", Emphasis::Strong), ("*", Emphasis::Light), ("`", Emphasis::Code)];

/// The runs of a paragraph. A sign that is not closed stands for itself.
pub fn prose(text: &str) -> Vec<(Emphasis, &str)> {
    let mut runs = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let opened = SIGNS.iter().find_map(|(sign, emphasis)| {
            let inner = rest.strip_prefix(sign)?;
            // `2 * 3 * 4` is no emphasis.
            let length = inner.find(sign).filter(|length| *length > 0)?;
            let tight = !inner.starts_with(' ') && !inner[..length].ends_with(' ');
            tight.then_some((sign.len(), *emphasis, length))
        });
        match opened {
            Some((sign, emphasis, length)) => {
                runs.push((Emphasis::Plain, &text[plain..at]));
                runs.push((emphasis, &text[at + sign..at + sign + length]));
                at += sign + length + sign;
                plain = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    runs.push((Emphasis::Plain, &text[plain..]));
    runs.retain(|(_, run)| !run.is_empty());
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emphasis_is_read_and_all_else_stays() {
        use Emphasis::{Code, Light, Plain, Strong};
        assert_eq!(prose("Plain."), [(Plain, "Plain.")]);
        assert_eq!(
            prose("a *b* **c d** `e*f`!"),
            [
                (Plain, "a "),
                (Light, "b"),
                (Plain, " "),
                (Strong, "c d"),
                (Plain, " "),
                (Code, "e*f"),
                (Plain, "!")
            ]
        );
        for text in ["2 * 3 * 4", "one * only", "**open", "<b>no</b>", "****", "é*"] {
            assert_eq!(prose(text), [(Plain, text)], "{text}");
        }
        assert_eq!(prose(""), []);
    }
}
