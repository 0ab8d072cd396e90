//! The list of saved sets, in Data.

use crate::app::actions::saved_sets;
use crate::app::browser::saved_sets::Entry;
use crate::app::format::{count, kilobytes};
use crate::app::state::page;
use crate::app::state::saved_sets::Kept;
use crate::app::views::names::{Name, Sentence};
use leptos::prelude::*;

#[component]
pub fn SavedSets() -> impl IntoView {
    let page = page();
    saved_sets::refresh(page);
    let entries = move || if let Kept::Here(entries) = page.saved.kept.get() { entries } else { Vec::new() };
    let summary = move || match page.saved.kept.get() {
        Kept::Unknown => "Looking…".to_owned(),
        Kept::Refused(reason) => reason,
        Kept::Here(entries) if entries.is_empty() => {
            "Nothing yet. Save a set above, and it is here at the next visit, also without a network."
                .to_owned()
        }
        Kept::Here(entries) => format!(
            "{}, {}. A browser may clear them when it needs space: export what must last.",
            count(entries.len(), "set"),
            kilobytes(entries.iter().map(|entry| entry.bytes).sum())
        ),
    };
    view! {
        <section class="card" aria-labelledby="saved-title">
            <h2 id="saved-title">"Saved in this browser"</h2>
            <ul class="sets" aria-label="Saved sample sets">
                <For
                    each=entries
                    key=|entry| (entry.name.clone(), entry.bytes)
                    children=move |entry| view! { <SavedRow entry /> }
                />
            </ul>
            {move || {
                page.saved
                    .deleted
                    .get()
                    .map(|(entry, _)| {
                        view! {
                            <p role="status">
                                <Sentence text=format!("“{}” is deleted. ", entry.name) />
                                <button
                                    type="button"
                                    class="small"
                                    on:click=move |_| saved_sets::undelete(page)
                                >
                                    "Undo"
                                </button>
                            </p>
                        }
                    })
            }}
            <p class="hint">{summary}</p>
        </section>
    }
}

#[component]
fn SavedRow(entry: Entry) -> impl IntoView {
    let page = page();
    let (name, line) = (entry.name.clone(), kilobytes(entry.bytes));
    let (opened, deleted) = (entry.clone(), entry);
    view! {
        <li class="set">
            <div>
                <b>
                    <Name name=name.clone() />
                </b>
                <span class="quiet">{line}</span>
            </div>
            <span class="actions">
                <button type="button" on:click=move |_| saved_sets::open(page, opened.clone())>
                    "Open"
                    <span class="visually-hidden">": "{name.clone()}</span>
                </button>
                <button type="button" on:click=move |_| saved_sets::delete(page, deleted.clone())>
                    "Delete"
                    <span class="visually-hidden">": "{name.clone()}</span>
                </button>
            </span>
        </li>
    }
}
