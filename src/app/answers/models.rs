//! What model files this browser holds.

use super::state::Stored;
use crate::app::format::megabytes;
use crate::app::state::{Page, page};
use crate::protocol::{Reply, Request};
use leptos::prelude::*;

/// Asks once what model files this browser holds.
pub fn ask_stored(page: Page) {
    if page.answers.stored.get_untracked() == Stored::Unknown && !untrack(|| page.answers.is_busy()) {
        refresh_stored(page);
    }
}

/// Asks what model files this browser holds now.
pub fn refresh_stored(page: Page) {
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

fn delete_stored(page: Page) {
    page.store.with_value(|store| {
        for model in ["language-model", "encoder"] {
            store.send(Request::Delete { model: model.to_owned() }, move |reply| {
                if let Reply::Failed { message } | Reply::Lost { message } = reply {
                    page.complain(message);
                }
                refresh_stored(page);
            });
        }
    });
}

#[component]
pub fn ModelLine() -> impl IntoView {
    let page = page();
    let state = page.answers;
    let words = move || match state.stored.get() {
        Stored::Known { bytes, complete: true } => {
            format!("The models are cached in this browser ({}): nothing needs to be loaded.", megabytes(bytes))
        }
        Stored::Known { bytes, .. } if bytes > 0 => {
            format!(
                "Part of the models is cached in this browser ({}). The next press loads the rest, about 123 MB in all.",
                megabytes(bytes)
            )
        }
        _ => "The first press loads about 123 MB of models. They are then kept in this browser, and later presses need no network."
            .to_owned(),
    };
    let some = move || matches!(state.stored.get(), Stored::Known { bytes, .. } if bytes > 0);
    view! {
        <div class="models">
            <p class="hint">{words}</p>
            <Show when=some>
                <button type="button" disabled=move || state.is_busy() on:click=move |_| delete_stored(page)>
                    "Delete the cached models"
                </button>
            </Show>
        </div>
    }
}
