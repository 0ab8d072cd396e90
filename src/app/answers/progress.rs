//! What the model worker is doing, as it does it.

use crate::app::format::megabytes;
use crate::app::state::page;
use leptos::prelude::*;

#[component]
pub fn Progress() -> impl IntoView {
    let page = page();
    let state = page.answers;
    let running = move || state.job.with(Option::is_some);
    let started = move || state.loading.with(Option::is_some) || state.generating.with(Option::is_some);
    view! {
        <Show when=running>
            <section class="card" aria-label="Progress">
                <Show when=move || !started()><p role="status">"Starting…"</p></Show>
                <Show when=move || state.loading.with(Option::is_some)><LoadingBar/></Show>
                <Show when=move || state.generating.with(Option::is_some)><Streaming/></Show>
            </section>
        </Show>
    }
}

#[component]
fn LoadingBar() -> impl IntoView {
    let state = page().answers;
    let loading = move || state.loading.get();
    let words = move || {
        loading().map(|loading| {
            let from = if loading.from_cache { "from this browser's cache" } else { "over the network, once" };
            format!("Loading the {} {from}: {} of {}", loading.what, megabytes(loading.bytes), megabytes(loading.total))
        })
    };
    view! {
        <p>{words}</p>
        <progress
            aria-label="Loading models"
            max=move || loading().map_or(1.0, |loading| loading.total.max(1) as f64).to_string()
            value=move || loading().map_or(0.0, |loading| loading.bytes as f64).to_string()
        ></progress>
    }
}

#[component]
fn Streaming() -> impl IntoView {
    let state = page().answers;
    let now = move || state.generating.get();
    let words = move || {
        now().map(|now| {
            let doing = if now.scoring { "Scoring the answers to" } else { "Answering" };
            format!(
                "{doing} prompt {} of {} · {} tokens · {:.0} tokens a second",
                (now.prompt + 1).min(now.prompts.max(1)),
                now.prompts,
                now.tokens,
                now.tokens_per_second
            )
        })
    };
    // The prompt as it was sent may have been edited since; the count of answers is what the worker says.
    let how_many = Memo::new(move |_| state.generating.with(|now| now.as_ref().map_or(0, |now| now.texts.len())));
    view! {
        <p>{words}</p>
        <progress
            aria-label="Prompts answered"
            max=move || now().map_or(1, |now| now.prompts.max(1)).to_string()
            value=move || now().map_or(0, |now| now.prompt).to_string()
        ></progress>
        <ol class="drafts">
            <For
                each=move || 0..how_many.get()
                key=|j| *j
                children=move |j| {
                    let text = move || state.generating.with(|now| now.as_ref().and_then(|now| now.texts.get(j).cloned()).unwrap_or_default());
                    view! { <li>{text}</li> }
                }
            />
        </ol>
    }
}
