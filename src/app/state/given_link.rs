//! A link that was understood in part: it stays in the address until the person changes something.

use leptos::prelude::*;

/// The link, if there is one. Copies share it.
#[derive(Clone, Copy)]
pub struct GivenLink(StoredValue<Option<Held>>);

#[derive(Clone)]
struct Held {
    /// As it was given, after `#`.
    text: String,
    /// What the page would write instead, as long as nothing is changed.
    read_as: Option<String>,
}

impl GivenLink {
    pub fn new() -> Self {
        GivenLink(StoredValue::new(None))
    }

    /// Keeps `text` in the address.
    pub fn hold(self, text: &str) {
        self.0.set_value(Some(Held { text: text.to_owned(), read_as: None }));
    }

    pub fn let_go(self) {
        self.0.set_value(None);
    }

    /// What is held.
    pub fn text(self) -> Option<String> {
        self.0.with_value(|held| held.as_ref().map(|held| held.text.clone()))
    }

    /// Whether the address has to stay, when the page would write `now`. The first that it would write is
    /// what the link was read as.
    pub fn stays(self, now: &str) -> bool {
        self.0
            .try_update_value(|held| {
                let Some(this) = held else { return false };
                let stays = this.read_as.get_or_insert_with(|| now.to_owned()) == now;
                if !stays {
                    *held = None;
                }
                stays
            })
            .unwrap_or(false)
    }
}
