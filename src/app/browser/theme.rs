//! Light, dark, what the system says, or large for a projector.

use super::local_storage;
use gloo_utils::document;
use serde::{Deserialize, Serialize};

/// `index.html` reads it too, before anything is drawn.
const KEY: &str = "map-palette-theme";

/// Which colours the page wears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    Auto,
    Light,
    Dark,
    /// Large type and thick strokes, in the colours that the system says.
    Projector,
}

impl Theme {
    /// The theme kept from the last visit; `Auto` when there is none or this browser keeps nothing.
    pub fn kept() -> Self {
        local_storage::get(KEY).or_else(Theme::kept_bare).unwrap_or(Theme::Auto)
    }

    /// Earlier versions kept the bare name instead of JSON.
    fn kept_bare() -> Option<Self> {
        let name = local_storage::get_text(KEY)?;
        [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.name() == name)
    }

    /// The next one in the round.
    pub fn next(self) -> Self {
        match self {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Projector,
            Theme::Projector => Theme::Auto,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Projector => "projector",
        }
    }

    pub fn sign(self) -> &'static str {
        match self {
            Theme::Auto => "◐",
            Theme::Light => "○",
            Theme::Dark => "●",
            Theme::Projector => "▣",
        }
    }

    /// Puts the theme on and keeps it for the next visit where the browser lets us.
    pub fn wear(self) {
        self.put_on();
        local_storage::set(KEY, &self);
    }

    /// Puts the theme on for this visit alone.
    pub fn put_on(self) {
        if let Some(root) = document().document_element() {
            let _ = match self {
                Theme::Auto => root.remove_attribute("data-theme"),
                chosen => root.set_attribute("data-theme", chosen.name()),
            };
        }
    }
}
