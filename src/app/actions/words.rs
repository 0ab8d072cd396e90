//! Keeps the choice of words from one visit to the next.

use crate::app::browser::local_storage;
use crate::app::state::Page;
use leptos::prelude::*;

const KEY: &str = "map-palette-words";

/// Takes the words that were chosen at the last visit, and keeps those that are chosen now. A link that is read later
/// has its way.
pub fn follow(page: Page) {
    if let Some(words) = local_storage::get(KEY) {
        page.words.set(words);
    }
    Effect::new(move |before: Option<()>| {
        let words = page.words.get();
        if before.is_some() {
            local_storage::set(KEY, &words);
        }
    });
}
