//! The model files that this browser holds, as Answers asks for them. The state is that of the Models view.

use crate::app::actions::models::tasks;
use crate::app::state::Page;
use crate::client::CallError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use palette_protocol::calls::Delete;

/// Asks what model files this browser holds, unless that is known or a job is loading them.
pub fn ask(page: Page) {
    if page.models.store.with_untracked(Option::is_none) && !untrack(|| page.answers.is_busy()) {
        tasks::refresh(page);
    }
}

/// Deletes them.
pub fn delete(page: Page) {
    let models: Vec<String> = page.models.store.with_untracked(|store| {
        store.iter().flat_map(|store| &store.models).map(|model| model.id.clone()).collect()
    });
    for model in models {
        let deleted = page.store.with_value(|store| store.call(Delete { model }));
        spawn_local(async move {
            if let Err(Some(message)) = deleted.await.map_err(CallError::message) {
                page.notify_error(message);
            }
            tasks::refresh(page);
        });
    }
}
