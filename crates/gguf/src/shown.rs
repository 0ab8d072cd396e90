//! Names out of a file, in a sentence.

use palette_visible::visible;

/// Characters of a name that are shown.
const LONGEST: usize = 60;

/// A name as it can stand in a sentence: short, on one line, and with nothing in it that cannot be seen.
pub fn shown(name: &str) -> String {
    let mut shown = String::new();
    // What cannot be seen takes several characters to say.
    let mut left = LONGEST;
    for c in name.chars() {
        let c = if matches!(c, '\n' | '\r' | '\t') { '␤' } else { c };
        let said = visible(c.encode_utf8(&mut [0; 4])).into_owned();
        let Some(rest) = left.checked_sub(said.chars().count()) else {
            shown.push('…');
            break;
        };
        left = rest;
        shown.push_str(&said);
    }
    shown
}
