//! Answers: drawing them with the language model, and picking among them by the palette.

mod form;
mod jobs;
mod models;
mod progress;
mod prompts;
mod result;
mod state;

pub use state::AnswersState;

use super::address;
use super::state::page;
use crate::link::View;
use leptos::prelude::*;

#[component]
pub fn Answers() -> impl IntoView {
    let page = page();
    let state = page.answers;
    jobs::ask_stored(page);
    let compose = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        page.view.set(View::Compose);
    };
    view! {
        <div class="draw">
            <section class="card form" aria-label="What to draw">
                <form::Form/>
                <models::ModelLine/>
            </section>
            <div class="out">
                <progress::Progress/>
                {move || state.outcome.get().map(|outcome| view! {
                    <section class="card" aria-label="Outcome">
                        <p class="outcome" role="status">{outcome}</p>
                        {state.made_set.get().then(|| view! {
                            <p><a href=move || format!("#{}", address::fragment(page, Some(View::Compose))) on:click=compose>"Compose on these answers"</a>" — the sets from before are in Data."</p>
                        })}
                    </section>
                })}
                {move || state.aligned.get().map(|shown| view! { <result::Picked shown/> })}
                <Show when=move || state.job.with(Option::is_none) && state.outcome.with(Option::is_none)>
                    <div class="explain">
                        <p><b>"Generate"</b>" draws answers with a small language model in this page, rewards every answer for each value, and makes a sample set of them to compose on."</p>
                        <p><b>"Align"</b>" draws answers to fresh prompts and picks one of each by the weights λ of your palette. Then it shows how much of every value came out."</p>
                    </div>
                </Show>
            </div>
        </div>
    }
}
