//! Data: opening a table, the sample sets of this session, and the values of the one in use.

mod preview;
mod preview_table;
mod saved_sets;

use crate::app::actions::{self, export, files, table};
use crate::app::format::{count, level, number};
use crate::app::state::page;
use crate::app::state::table::{Origin, Table};
use crate::app::views::how_measured::HowMeasured;
use crate::app::views::names::{Name, sentences};
use crate::app::views::try_again::TryAgain;
use leptos::prelude::*;
use palette_tables::Target;
use preview::PreviewCard;
use saved_sets::SavedSets;
use std::sync::Arc;
use wasm_bindgen::JsCast;

const EXAMPLE: &str = "prompt,answer,helpful,humor\n\"How do I say no?\",\"Kindly, and \
    once.\",0.8,-0.2\n\"How do I say no?\",\"In song.\",0.1,1.4";

#[component]
pub fn Data() -> impl IntoView {
    let page = page();
    let chosen = move |event: leptos::ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        if let Some(input) = input {
            files::open_files(page, input.files());
            // So that the same file can be chosen again.
            input.set_value("");
        }
    };
    view! {
        <div class="data">
            <Show when=move || page.opening.name.with(Option::is_some)>
                <PreviewCard />
            </Show>
            <section class="card" aria-labelledby="open-title">
                <h2 id="open-title">"Open a table of your own"</h2>
                <p>
                    <label class="file">
                        <span>"Open a reward table"</span>
                        <input
                            type="file"
                            accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,text/csv,text/tab-separated-values,application/json"
                            on:change=chosen
                        />
                    </label>
                </p>
                <p class="hint">
                    "Or drop a file anywhere on this page. It stays in this browser: nothing is \
                    sent."
                </p>
                <p>
                    "A CSV file with a header, a JSON array of objects, or JSON Lines: one row per answer, \
                        one column of rewards per value. The columns " <code>"prompt"</code>" and "
                    <code>"answer"</code>" (or "<code>"generated"</code>") are optional, and so are "
                    <code>"group"</code>" (of prompts), "<code>"weight"</code>" (of the answer) and "
                    <code>"prompt_weight"</code>
                    "; every other column of rewards is a value. What each column is taken for is shown \
                        before anything is composed, and can be changed."
                </p>
                <pre tabindex="0" aria-label="Example of a table">
                    {EXAMPLE}
                </pre>
            </section>
            <div class="column">
                <section class="card" aria-labelledby="sets-title">
                    <h2 id="sets-title">"Sample sets in this session"</h2>
                    <ul class="sets">
                        <For
                            each=move || page.tables.get()
                            key=|table| table.id
                            children=move |table| view! { <SetRow table /> }
                        />
                    </ul>
                    {move || {
                        page.built_in_failure
                            .get()
                            .map(|reason| {
                                view! { <TryAgain reason again=move || table::fetch_built_in(page) /> }
                            })
                    }}
                    <Show when=move || {
                        page.tables.with(Vec::is_empty) && page.built_in_failure.with(Option::is_none)
                    }>
                        <p role="status">"Loading the sample set…"</p>
                    </Show>
                </section>
                <SavedSets />
            </div>
            {move || page.table.get().map(|table| view! { <Values table /> })}
        </div>
    }
}

#[component]
fn SetRow(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let id = table.id;
    let in_use = Memo::new(move |_| page.table.with(|now| now.as_ref().is_some_and(|now| now.id == id)));
    let origin = match table.origin {
        Origin::BuiltIn => "built in",
        Origin::Opened => "opened",
        Origin::Generated => "generated here",
    };
    let line = format!("{origin} · {} · {}", table.shape(), count(table.columns.len(), "value"));
    let name = table.set.name.clone();
    let about = table.set.about.clone();
    let switch = {
        let table = table.clone();
        move |_| table::switch_to(page, table.clone())
    };
    let (kept, as_json, as_csv) = (table.clone(), table.clone(), table.clone());
    // The built-in set is there at every visit.
    let keeps = table.origin != Origin::BuiltIn;
    let more = {
        let name = name.clone();
        let hidden = move || view! { <span class="visually-hidden">": "{name.clone()}</span> };
        view! {
            <span class="actions">
                {keeps
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="small"
                                on:click=move |_| actions::saved_sets::save(page, kept.clone())
                            >
                                "Save"
                                {hidden()}
                            </button>
                        }
                    })}
                <button type="button" class="small" on:click=move |_| export::json(page, &as_json.set)>
                    "Export as JSON"
                    {hidden()}
                </button>
                <button type="button" class="small" on:click=move |_| export::csv(page, &as_csv.set)>
                    "Export as CSV"
                    {hidden()}
                </button>
            </span>
        }
    };
    view! {
        <li class="set" class:current=move || in_use.get()>
            <div>
                <b>
                    <Name name=name.clone() />
                </b>
                <span class="quiet">{line}</span>
                {(!about.is_empty())
                    .then(|| {
                        view! {
                            <span class="quiet">
                                <Name name=about />
                            </span>
                        }
                    })}
                {more}
            </div>
            {move || {
                if in_use.get() {
                    view! { <span class="in-use">"in use"</span> }.into_any()
                } else {
                    view! {
                        <button type="button" on:click=switch.clone()>
                            "Compose on this"
                            <span class="visually-hidden">": "{name.clone()}</span>
                        </button>
                    }
                        .into_any()
                }
            }}
        </li>
    }
}

#[component]
fn Values(table: Arc<Table>) -> impl IntoView {
    let rows = (0..table.columns.len())
        .map({
            let table = table.clone();
            move |index| view! { <ValueRow table=table.clone() index /> }
        })
        .collect_view();
    let notes = table.notes.clone();
    view! {
        <section class="card wide" aria-labelledby="values-title">
            <h2 id="values-title">"Values of " <Name name=table.set.name.clone() /></h2>
            {(!notes.is_empty())
                .then(|| {
                    view! {
                        <ul class="notes">
                            {sentences(notes)}
                        </ul>
                    }
                })}
            <p class="hint">
                "A value that is switched off is not constrained: the palette may let it fall."
            </p>
            <ul class="value-list">{rows}</ul>
        </section>
    }
}

#[component]
fn ValueRow(table: Arc<Table>, index: usize) -> impl IntoView {
    let page = page();
    let value = table.set.values[index].clone();
    let accent = table.accents[index].clone();
    let column = &table.columns[index];
    let figures =
        format!("mean {}, standard deviation {}", level(column.mean), number(column.standard_deviation));
    let name = value.name.clone();
    let on = {
        let name = name.clone();
        move || page.palette.with(|palette| palette.target(&name)) != Target::Off
    };
    let switch = {
        let name = name.clone();
        move |event| {
            page.set_target(&name, if event_target_checked(&event) { Target::MAINTAIN } else { Target::Off });
        }
    };
    let unit = if value.unit.is_empty() { "unit not said".to_owned() } else { value.unit.clone() };
    let measured = if value.measured.is_empty() {
        "How it was measured is not said.".to_owned()
    } else {
        value.measured.clone()
    };
    view! {
        <li data-accent=accent.number>
            <label>
                <input type="checkbox" prop:checked=on on:change=switch />
                <i class="badge" aria-hidden="true">
                    {accent.letters.clone()}
                </i>
                <b class="name">
                    <Name name />
                </b>
            </label>
            <span>
                <Name name=unit />
            </span>
            <span class="quiet">{figures}</span>
            <span class="measured">
                <Name name=measured />" "
                {(table.origin != Origin::Opened).then(|| view! { <HowMeasured name=value.name /> })}
            </span>
        </li>
    }
}
