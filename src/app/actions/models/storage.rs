//! Asking the browser for room.

use crate::app::browser::storage::{self, Promise};
use crate::app::state::Page;
use leptos::prelude::*;

/// Asks the browser again.
pub fn refresh(page: Page) {
    leptos::task::spawn_local(async move {
        let room = storage::room().await;
        let promise = storage::promise().await;
        page.models.storage.update(|storage| {
            storage.room = room;
            // That it was refused stays said.
            if !(storage.promise == Promise::Refused && promise == Promise::NotYet) {
                storage.promise = promise;
            }
        });
    });
}

/// Asks the browser to keep the files.
pub fn ask(page: Page) {
    leptos::task::spawn_local(async move {
        let promise = storage::ask().await;
        page.models.storage.update(|storage| storage.promise = promise);
    });
}
