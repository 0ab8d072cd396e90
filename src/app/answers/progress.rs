//! What the model worker is doing, as it does it.

use crate::app::format::megabytes;
use crate::app::state::page;
use leptos::prelude::*;

#[component]
pub fn Progress() -> impl IntoView {
    let page = page();
    let state = page.answers;
    let running = move || state.job.with(Option::is_some);
    let started = move || state.loading.with(Option::is_some) || state.drawing.with(Option::is_some);
    view! {
        <Show when=running>
            <section class="card" aria-label="Progress">
                <Show when=move || !started()><p role="status">"Starting…"</p></Show>
                <Show when=move || state.loading.with(Option::is_some)><LoadingBar/></Show>
                <Show when=move || state.drawing.with(Option::is_some)><Streaming/></Show>
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
    let now = move || state.drawing.get();
    let words = move || {
        now().map(|(prompt, drawing, tally)| {
            let doing = if drawing.scoring { "Scoring the answers to" } else { "Answering" };
            format!(
                "{doing} prompt {} · {} tokens · {:.0} tokens a second",
                prompt + 1,
                tally.tokens,
                tally.tokens as f64 / tally.seconds.max(1e-3)
            )
        })
    };
    let how_many = Memo::new(move |_| state.drawing.with(|now| now.as_ref().map_or(0, |(_, drawing, _)| drawing.texts.len())));
    view! {
        <p>{words}</p>
        <progress
            aria-label="Prompts answered"
            max=move || state.prompt_list().len().max(1).to_string()
            value=move || now().map_or(0, |(prompt, _, _)| prompt).to_string()
        ></progress>
        <ol class="drafts">
            <For
                each=move || 0..how_many.get()
                key=|j| *j
                children=move |j| {
                    let text = move || state.drawing.with(|now| now.as_ref().and_then(|(_, drawing, _)| drawing.texts.get(j).cloned()).unwrap_or_default());
                    view! { <li>{text}</li> }
                }
            />
        </ol>
    }
}
