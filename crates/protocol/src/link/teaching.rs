//! What a link says for teaching: the lesson, what is shown, and what the page wears.

use palette_lessons::Part;
use serde::{Deserialize, Serialize};

/// What of Compose a link shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub parts: Vec<Part>,
    /// The values that have a lane; without them all.
    pub lanes: Vec<String>,
}

/// What the page wears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wears {
    Auto,
    Light,
    Dark,
    /// Large type and thick strokes over the full width.
    Projector,
}

pub(super) const THEMES: [(&str, Wears); 4] =
    [("auto", Wears::Auto), ("light", Wears::Light), ("dark", Wears::Dark), ("projector", Wears::Projector)];

/// Before a lesson that the link itself carries.
const MADE: &str = "z.";
/// A longer text is no lesson of a link.
const LONGEST: usize = 60_000;

pub(super) fn read_lesson(text: &str) -> Result<String, String> {
    let id = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    let packed = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
    let is_lesson = match text.strip_prefix(MADE) {
        Some(made) => (1..=LONGEST).contains(&made.len()) && made.bytes().all(packed),
        None => (1..=60).contains(&text.len()) && text.bytes().all(id),
    };
    if is_lesson {
        Ok(text.to_owned())
    } else {
        Err("a lesson is called by small letters, digits and hyphens, such as trade-offs".into())
    }
}

/// `lanes,verdict,lane:humor`; names are encoded once more than the whole, so that no comma of theirs parts it.
pub(super) fn write_shown(shown: &Shown) -> String {
    let parts = shown.parts.iter().map(|part| part.name().to_owned());
    let lanes =
        shown.lanes.iter().map(|name| format!("lane:{}", super::percent::encode(name).replace(',', "%2C")));
    parts.chain(lanes).collect::<Vec<_>>().join(",")
}

pub(super) fn read_shown(text: &str) -> Result<Shown, String> {
    let mut shown = Shown::default();
    for part in text.split(',') {
        if let Some(name) = part.strip_prefix("lane:").filter(|name| !name.is_empty()) {
            let name = super::percent::decode(name).ok_or("the name of a lane in it is garbled")?;
            shown.lanes.push(name);
        } else {
            let known = || Part::ALL.map(Part::name).join(", ");
            let part = Part::named(part).ok_or_else(|| {
                format!("its parts, with commas between them, must be of {} or lane:NAME", known())
            })?;
            shown.parts.push(part);
        }
    }
    if shown.lanes.is_empty() || !shown.parts.is_empty() {
        return Ok(shown);
    }
    // Lanes alone are shown with the verdict.
    shown.parts = vec![Part::Lanes, Part::Verdict];
    Ok(shown)
}
