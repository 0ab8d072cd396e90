//! Asking the browser for room.

use crate::app::browser::storage::{self, Persistence};
use crate::app::state::Page;
use leptos::prelude::*;

/// Asks the browser again.
pub fn refresh(page: Page) {
    leptos::task::spawn_local(async move {
        let room = storage::room().await;
        let persistence = storage::persistence().await;
        page.models.storage.update(|storage| {
            storage.room = room;
            // That it was refused stays said.
            if !(storage.persistence == Persistence::Refused && persistence == Persistence::NotYet) {
                storage.persistence = persistence;
            }
        });
    });
}

/// Asks the browser to keep the files.
pub fn ask(page: Page) {
    leptos::task::spawn_local(async move {
        let persistence = storage::ask().await;
        page.models.storage.update(|storage| storage.persistence = persistence);
    });
}
