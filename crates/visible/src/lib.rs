//! Characters that cannot be seen, or that turn a line around, shown by their number.

use std::borrow::Cow;

/// The text with every control, zero-width and direction character written out, such as `⟨U+200B⟩`. Line ends
/// and tabs stay, and so do joiners inside words that need them.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|b| is_unseen(b.into())) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut before = None;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        // Scripts that join letters, and pictures made of several, cannot be written without joiners.
        let joins = matches!(c, '\u{200c}' | '\u{200d}')
            && before.is_some_and(is_joined)
            && characters.peek().copied().is_some_and(is_joined);
        if is_unseen(c) && !joins {
            shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
        } else {
            shown.push(c);
        }
        before = Some(c);
    }
    Cow::Owned(shown)
}

fn is_joined(c: char) -> bool {
    !c.is_ascii() && !is_unseen(c)
}

/// Whether a character leaves no mark on the page, spaces aside.
pub fn is_unseen(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' => false,
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        _ => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        for (text, shown) in [
            ("humor", "humor"),
            ("hu\u{200b}mor", "hu⟨U+200B⟩mor"),
            ("\u{202e}romuh", "⟨U+202E⟩romuh"),
            ("a\u{0}b\u{7f}", "a⟨U+0000⟩b⟨U+007F⟩"),
            ("ab\u{200d}c", "ab⟨U+200D⟩c"),
            ("two\nlines", "two\nlines"),
            ("Höflichkeit", "Höflichkeit"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("👩\u{200d}🔬", "👩\u{200d}🔬"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }
}
