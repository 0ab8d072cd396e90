//! The palette link: what the address says after `#`, and back. Human-readable `key=value` pairs joined by
//! `&`, versioned.
//!
//! One table of `FIELDS` drives reading and writing. What mails and chats do to a link is undone where that
//! is beyond doubt; what cannot be understood is reported, never replaced in silence. See docs/adr on the
//! format.

mod drawing;
mod field;
mod mend;
mod names;
mod percent;
mod read;
mod teaching;
mod tracking;

pub use drawing::{DrawingLink, TopicRange};
pub use names::{fitted, is_meant, strangers};
pub use read::read;
pub use teaching::{Shown, Wears};

use field::FIELDS;
use palette_study::Pooling;
use palette_tables::Palette;
use serde::{Deserialize, Serialize};

/// Version of the format.
pub const VERSION: u32 = 1;

/// A view of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum View {
    #[default]
    Compose,
    Answers,
    Studies,
    Data,
    Models,
    Learn,
}

/// Whose words the page speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Words {
    /// Words for people first, the field's word beside them.
    #[default]
    Plain,
    /// The field's words alone.
    Exact,
}

/// What a link carries; `None` where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkState {
    /// Targets by the names of values. A value that is not named is as the page has it by default.
    pub palette: Palette,
    pub pooling: Option<Pooling>,
    pub view: View,
    /// The prompt whose answers are shown, counted from 0 here and from 1 in the link.
    pub prompt: Option<usize>,
    /// Seed of drawing.
    pub seed: Option<u64>,
    /// With which confidence the palette is to hold on new prompts, 0.5 to 0.99.
    #[serde(default)]
    pub hold: Option<f64>,
    /// Whether aligning solves again on a half of the new prompts.
    #[serde(default)]
    pub calibrate: bool,
    /// Whether aligning uses λ as Compose shows it, whatever is drawn.
    #[serde(default)]
    pub as_composed: bool,
    /// Words to speak in.
    #[serde(default)]
    pub words: Option<Words>,
    /// Name of the sample set, when it is not the built-in one.
    pub set: Option<String>,
    /// The lesson that is open in [`View::Learn`]: its id, or `z.` and the lesson itself, packed.
    #[serde(default)]
    pub lesson: Option<String>,
    /// Without the head of the page and what stands below it, for a frame.
    #[serde(default)]
    pub embed: bool,
    /// What of Compose is shown, where not all of it is.
    #[serde(default)]
    pub show: Option<Shown>,
    /// What the page wears for as long as this link is open.
    #[serde(default)]
    pub theme: Option<Wears>,
    /// What to draw; says something only in a link made for drawing again.
    #[serde(default)]
    pub drawing: DrawingLink,
}

/// The fragment for `state`, without `#`. Reading it gives `state` again.
pub fn write(state: &LinkState) -> String {
    let mut pairs = vec![format!("v={VERSION}")];
    pairs.extend(
        FIELDS
            .iter()
            .filter_map(|f| (f.write)(state).map(|text| format!("{}={}", f.key, percent::encode(&text)))),
    );
    let encoded = percent::encode;
    let palette = &state.palette;
    pairs.extend(
        palette
            .targets
            .iter()
            .map(|(name, target)| format!("t.{}={}", encoded(name), field::write_target(*target))),
    );
    // An `@` inside a name is encoded, so a bare one stands between value and group.
    pairs.extend(
        palette.on_groups.iter().map(|t| {
            format!("t.{}@{}={}", encoded(&t.value), encoded(&t.group), field::write_target(t.target))
        }),
    );
    let mut link = pairs.join("&");
    // An ellipsis at the end would look like a link that was cut there.
    if link.ends_with("...") || link.ends_with("%E2%80%A6") {
        link.push('&');
    }
    link
}
