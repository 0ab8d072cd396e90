//! How the last job ended, and the buttons for what it made.

use crate::app::actions::answers::{self, jobs};
use crate::app::actions::{export, link, saved_sets, table};
use crate::app::format::count;
use crate::app::state::page;
use crate::app::views::names::Sentence;
use leptos::prelude::*;
use palette_protocol::link::View;

const NO_LINK: &str = "A link cannot carry the model or the heads from your disk, so there is none for these \
    answers. Export them to share them.";

#[component]
pub fn Ending() -> impl IntoView {
    let page = page();
    let state = page.answers;
    let compose = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        let in_use = page.table.get_untracked().map(|table| table.id);
        if let Some(made) = state.made.get_untracked().filter(|made| in_use != Some(made.id)) {
            table::switch_to(page, made);
        }
        page.view.set(View::Compose);
    };
    let left = move || state.left.get() > 0 && !state.is_busy();
    view! {
        {move || {
            state
                .outcome
                .get()
                .map(|outcome| {
                    view! {
                        <section class="card" aria-label="Outcome">
                            <p class="outcome" role="status">
                                <Sentence text=outcome />
                            </p>
                            {state
                                .made
                                .get()
                                .map(|table| {
                                    let carried = state
                                        .task
                                        .with_value(|task| {
                                            task.as_ref().is_some_and(answers::link::can_carry)
                                        });
                                    let (json, csv, kept) = (table.clone(), table.clone(), table.clone());
                                    view! {
                                        <p>
                                            <a
                                                href=move || {
                                                    format!("#{}", link::fragment(page, Some(View::Compose)))
                                                }
                                                on:click=compose
                                            >
                                                "Compose on these answers"
                                            </a>
                                            " — the sets from before are in Data."
                                        </p>
                                        <div class="row">
                                            <button
                                                type="button"
                                                on:click=move |_| saved_sets::save(page, kept.clone())
                                            >
                                                "Save in this browser"
                                            </button>
                                            <button
                                                type="button"
                                                on:click=move |_| export::json(page, &json.set)
                                            >
                                                "Export as JSON"
                                            </button>
                                            <button
                                                type="button"
                                                on:click=move |_| export::csv(page, &csv.set)
                                            >
                                                "Export as CSV"
                                            </button>
                                            {carried
                                                .then(|| {
                                                    view! {
                                                        <button
                                                            type="button"
                                                            on:click=move |_| answers::link::copy_task(page)
                                                        >
                                                            "Copy a link that draws these again"
                                                        </button>
                                                    }
                                                })}
                                        </div>
                                        {(!carried)
                                            .then(|| {
                                                view! { <p class="hint">{NO_LINK}</p> }
                                            })}
                                    }
                                })}
                            <Show when=left>
                                <p class="row">
                                    <button type="button" on:click=move |_| jobs::go_on(page)>
                                        "Continue"
                                    </button>
                                    <span class="hint">
                                        {move || {
                                            format!(
                                                "draws the {} left and joins the answers",
                                                count(state.left.get(), "prompt"),
                                            )
                                        }}
                                    </span>
                                </p>
                            </Show>
                        </section>
                    }
                })
        }}
    }
}
