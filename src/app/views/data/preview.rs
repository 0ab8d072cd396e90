//! The file that was chosen, before anything is composed on it: how far it is read, what was understood, or
//! why it was refused.

use super::preview_table::PreviewTable;
use crate::app::actions::files;
use crate::app::format::{count, isolated, list};
use crate::app::state::page;
use crate::app::views::names::{Name, Sentence, sentences};
use leptos::prelude::*;
use palette_protocol::Previewed;

/// Names of values beyond this are counted, not listed.
const NAMED: usize = 8;

#[component]
pub fn PreviewCard() -> impl IntoView {
    let page = page();
    let opening = page.opening;
    let title = NodeRef::<leptos::html::H2>::new();
    // Whoever chose a file is led to what becomes of it.
    Effect::new(move |_| {
        opening.attention.track();
        if let Some(title) = title.get() {
            let _ = title.focus();
        }
    });
    let reading = Memo::new(move |_| opening.reading.with(Option::is_some));
    let has_preview = Memo::new(move |_| opening.preview.with(Option::is_some));
    let columns = Memo::new(move |_| {
        opening.preview.with(|p| p.as_ref().is_some_and(|p| !p.preview.columns.is_empty()))
    });
    let sound = move || has_preview.get() && !reading.get() && opening.refusal.with(Option::is_none);
    let said = move || match (reading.get(), opening.preview.get()) {
        (true, _) => "Reading the table…".to_owned(),
        (false, Some(previewed)) if opening.refusal.with(Option::is_none) => summary(&previewed),
        _ => String::new(),
    };
    view! {
        <section
            class="card wide preview"
            class:refused=move || opening.refusal.with(Option::is_some)
            aria-labelledby="preview-title"
            aria-busy=move || reading.get().to_string()
        >
            <h2 id="preview-title" tabindex="-1" node_ref=title>
                "Opening "
                {move || opening.name.get().map(|name| view! { <Name name /> })}
            </h2>
            <p class="said" role="status">
                {said}
            </p>
            <Show when=move || reading.get()>
                <Reading />
            </Show>
            {move || {
                opening
                    .refusal
                    .get()
                    .map(|reason| {
                        view! {
                            <p class="refusal" role="alert">
                                <Sentence text=reason />
                            </p>
                            <p class="quiet">"Nothing was changed: the set in use stays."</p>
                        }
                    })
            }}
            {move || {
                let notes = opening.preview.with(|p| p.as_ref().map(|p| p.notes.clone()).unwrap_or_default());
                (sound() && !notes.is_empty())
                    .then(|| {
                        view! {
                            <ul class="notes" aria-label="How it was read">
                                {sentences(notes)}
                            </ul>
                        }
                    })
            }}
            <Show when=move || columns.get()>
                <PreviewTable />
            </Show>
            <p class="decide">
                <Show when=move || has_preview.get()>
                    <button
                        type="button"
                        class="primary"
                        disabled=move || !sound() || opening.taking.get()
                        on:click=move |_| files::compose(page)
                    >
                        "Compose with this table"
                    </button>
                </Show>
                <button type="button" on:click=move |_| files::leave(page)>
                    {move || match (reading.get(), has_preview.get()) {
                        (true, _) => "Cancel",
                        (false, true) => "Leave it",
                        (false, false) => "Close",
                    }}
                </button>
            </p>
        </section>
    }
}

/// How far reading is.
#[component]
fn Reading() -> impl IntoView {
    let opening = page().opening;
    let share = move || opening.reading.get().unwrap_or(0.0);
    view! {
        <p class="reading">
            <progress aria-label="Reading the table" max="1" value=move || share().to_string()></progress>
            <span class="quiet">
                {move || format!("{:.0}%. You can go on composing meanwhile.", 100.0 * share())}
            </span>
        </p>
        <p class="news" role="status">
            {move || opening.news.get()}
        </p>
    }
}

/// What the table holds.
fn summary(previewed: &Previewed) -> String {
    let Previewed { values, prompts, preview, .. } = previewed;
    let prompts = if *prompts > 1 { format!(", {}", count(*prompts, "prompt")) } else { String::new() };
    let names: Vec<String> = values.iter().map(|name| isolated(&short(name))).collect();
    let values = format!("{}: {}", count(values.len(), "value"), list(&names, NAMED));
    let rows = count(preview.rows, "row");
    if preview.columns.is_empty() {
        return format!(
            "A saved sample set: {rows}{prompts}; {values}. It says itself what its columns are."
        );
    }
    format!("{rows}{prompts}; {values}. Nothing is composed on it before you say so.")
}

/// A name, cut where it is too long for a sentence.
fn short(name: &str) -> String {
    const LONGEST: usize = 40;
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    name.chars().take(LONGEST - 1).chain(['…']).collect()
}
