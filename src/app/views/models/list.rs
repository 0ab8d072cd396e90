//! The models that the page can use.

use super::row::Row;
use super::words;
use crate::app::actions::models::tasks;
use crate::app::state::page;
use crate::app::views::try_again::TryAgain;
use leptos::prelude::*;

#[component]
pub fn List() -> impl IntoView {
    let page = page();
    let state = page.models;
    let ids = Memo::new(move |_| {
        state.store.with(|store| {
            store.iter().flat_map(|store| &store.models).map(|model| model.id.clone()).collect::<Vec<_>>()
        })
    });
    let keeps_nothing = move || state.keeps() == Some(false);
    // Offered when more than one is to be had by it.
    let all = Memo::new(move |_| {
        let idle = state.work.with(|work| work.is_empty());
        let missing = state.store.with(|store| {
            let models = store.iter().filter(|store| store.keeps).flat_map(|store| &store.models);
            models
                .filter(|model| model.stored_shards < model.shards)
                .map(|model| model.bytes - model.stored_bytes)
                .collect::<Vec<_>>()
        });
        (idle && missing.len() > 1).then(|| words::size(missing.iter().sum::<u64>() as f64))
    });
    view! {
        <section class="card" aria-labelledby="models-title">
            <h2 id="models-title">"Models on this page"</h2>
            <p>
                "The page draws and scores answers with these. They come once from where the page came from, \
                    are checked against their SHA-256, and stay in this browser: nothing is sent. Composing \
                    works without them."
            </p>
            <Show when=keeps_nothing>
                <p class="warning">
                    "This browser lets the page keep no files (a private window, or a page that is not \
                        served securely). Everything works all the same: Answers loads the models anew each \
                        time."
                </p>
            </Show>
            <ul class="model-list">
                <For each=move || ids.get() key=|id| id.clone() children=|id| view! { <Row id /> } />
            </ul>
            {move || {
                all
                    .get()
                    .map(|size| {
                        view! {
                            <p class="all">
                                <button type="button" class="primary" on:click=move |_| tasks::load_all(page)>
                                    {format!("Load all that is missing ({size})")}
                                </button>
                            </p>
                        }
                    })
            }}
            {move || {
                state
                    .failure
                    .get()
                    .map(|reason| view! { <TryAgain reason again=move || tasks::refresh(page) /> })
            }}
            <Show when=move || state.store.with(Option::is_none) && state.failure.with(Option::is_none)>
                <p role="status">"Looking what this browser holds…"</p>
            </Show>
        </section>
    }
}
