//! Names out of a file, in a sentence.

use palette_tables::visible;

/// Characters of a name that are shown.
const LONGEST: usize = 60;

/// A name as it can stand in a sentence: short, and with nothing in it that cannot be seen.
pub(crate) fn shown(name: &str) -> String {
    // A name is one line, whatever the file says.
    let start: String =
        name.chars().take(LONGEST).map(|c| if matches!(c, '\n' | '\r' | '\t') { '␤' } else { c }).collect();
    let more = if name.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("{}{more}", visible(&start))
}
