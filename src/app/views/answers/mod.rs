//! Answers: drawing them with the language model, and picking among them by the palette.

mod aligned;
mod ending;
mod form;
mod heads;
mod number;
mod own_model;
mod plan;
mod progress;
mod prompts;
mod rows;
mod settings;
mod stored_models;

use crate::app::actions;
use crate::app::browser::frame::next_frame;
use crate::app::browser::scroll;
use crate::app::state::page;
use leptos::prelude::*;

#[component]
pub fn Answers() -> impl IntoView {
    let page = page();
    let state = page.answers;
    actions::answers::stored_models::ask(page);
    // On a phone the form is longer than the screen, and what its buttons bring about would be below it,
    // unseen.
    let news = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |before: Option<()>| {
        let _ = (state.is_busy(), state.outcome.get());
        if before.is_some() {
            next_frame(move || {
                if let Some(news) = news.get_untracked() {
                    scroll::down_to(&news);
                }
            });
        }
    });
    view! {
        <div class="draw">
            <section class="card form" aria-label="What to draw">
                <form::Form />
                <stored_models::ModelLine />
            </section>
            <div class="out">
                <div class="news" node_ref=news>
                    <progress::Progress />
                    <ending::Ending />
                </div>
                {move || state.aligned.get().map(|shown| view! { <aligned::Aligned shown /> })}
                <rows::Rows />
                <Show when=move || !state.is_busy() && state.outcome.with(Option::is_none)>
                    <div class="explain">
                        <p>
                            <b>"Generate"</b>
                            " draws answers with a small language model in this page, \
                            rewards every answer for each value, and makes a sample set of them to compose \
                            on."
                        </p>
                        <p>
                            <b>"Align"</b>
                            " draws answers to fresh prompts and picks one of each by the \
                            weights λ of your palette. Then it shows how much of every value came out."
                        </p>
                    </div>
                </Show>
            </div>
        </div>
    }
}
