//! The model files that this browser holds, as Answers asks for them. The state is that of the Models view.

use crate::app::actions::models::tasks;
use crate::app::state::Page;
use leptos::prelude::*;
use palette_protocol::{Reply, Request};

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
    page.store.with_value(|store| {
        for model in models {
            store.send(Request::Delete { model }, move |reply| {
                if let Reply::Failed { message } | Reply::Lost { message } = reply {
                    page.notify_error(message);
                }
                tasks::refresh(page);
            });
        }
    });
}
