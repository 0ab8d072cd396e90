//! Names out of a file, in a sentence.

/// Characters of a name that are shown.
const LONGEST: usize = 60;

/// A name as it can stand in a sentence: short, and with nothing in it that cannot be seen.
pub(crate) fn shown(name: &str) -> String {
    let unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let mut shown = String::new();
    for c in name.chars().take(LONGEST) {
        if unseen(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    if name.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
