//! A line on the model files that this browser holds.

use crate::app::actions::answers::stored_models;
use crate::app::format::megabytes;
use crate::app::state::models::carried::Taking;
use crate::app::state::page;
use leptos::prelude::*;

#[component]
pub fn ModelLine() -> impl IntoView {
    let page = page();
    let state = page.answers;
    // Bytes that are here, and bytes that there are.
    let held = Memo::new(move |_| {
        page.models.store.with(|store| {
            let models = &store.as_ref()?.models;
            Some((
                models.iter().map(|model| model.stored_bytes).sum::<u64>(),
                models.iter().map(|model| model.bytes).sum::<u64>(),
            ))
        })
    });
    let words = move || match held.get() {
        _ if page.models.carried.file.with_value(Option::is_some) => match page.models.carried.taking.get() {
            Taking::Taken => {
                "The models are here, out of their file. Nothing is loaded from anywhere.".to_owned()
            }
            _ => "This page is one file. Its models are in a second one: choose that in Models first."
                .to_owned(),
        },
        Some((here, all)) if here == all && all > 0 => {
            format!(
                "The models are cached in this browser ({}): nothing needs to be loaded.",
                megabytes(here)
            )
        }
        Some((here, all)) if here > 0 => {
            format!(
                "Part of the models is cached in this browser ({}). The next press loads the rest, \
                    {} in all.",
                megabytes(here),
                megabytes(all)
            )
        }
        _ => "The first press loads about 123 MB of models. They are then kept in this browser, and later \
            presses need no network."
            .to_owned(),
    };
    let some = move || held.get().is_some_and(|(here, _)| here > 0);
    view! {
        <div class="models">
            <p class="hint">{words}</p>
            <Show when=some>
                <button
                    type="button"
                    disabled=move || state.is_busy()
                    on:click=move |_| stored_models::delete(page)
                >
                    "Delete the cached models"
                </button>
            </Show>
        </div>
    }
}
