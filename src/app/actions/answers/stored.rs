//! What model files this browser holds.

use crate::app::state::Page;
use crate::app::state::answers::Stored;
use crate::protocol::{Reply, Request};
use leptos::prelude::*;

/// Asks once what model files this browser holds.
pub fn ask(page: Page) {
    if page.answers.stored.get_untracked() == Stored::Unknown && !untrack(|| page.answers.is_busy()) {
        refresh(page);
    }
}

/// Asks what model files this browser holds now.
pub fn refresh(page: Page) {
    page.store.with_value(|store| {
        store.send(Request::Stored, move |reply| match reply {
            Reply::Stored(store) => {
                let bytes = store.models.iter().map(|model| model.stored_bytes).sum();
                let complete = store.models.iter().all(|model| model.stored_bytes == model.bytes);
                page.answers.stored.set(Stored::Known { bytes, complete });
            }
            // Nothing depends on it: the line about the cache stays general.
            _ => page.answers.stored.set(Stored::Unknown),
        })
    });
}

/// Deletes them.
pub fn delete(page: Page) {
    page.store.with_value(|store| {
        for model in ["language-model", "encoder"] {
            store.send(Request::Delete { model: model.to_owned() }, move |reply| {
                if let Reply::Failed { message } | Reply::Lost { message } = reply {
                    page.complain(message);
                }
                refresh(page);
            });
        }
    });
}
