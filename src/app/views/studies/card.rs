//! What the card of every study has: the question, what is tried, a button, how far it is, and what came of it
//! with its files.

use crate::app::actions::{export, table_studies};
use crate::app::format::{count, duration};
use crate::app::state::page;
use crate::app::state::table_studies::{AskedStudy, AtWork, ShownStudy, StudyRun};
use crate::app::views::names::{Sentence, sentences};
use crate::client::clock;
use leptos::prelude::*;
use palette_study::studies::StudyReport;
use std::sync::Arc;

/// What is told before this share is done is no estimate yet.
const TELLING: f64 = 0.03;

#[component]
pub fn StudyCard(
    /// For ids and names of files.
    name: &'static str,
    /// The heading.
    question: &'static str,
    /// One or two sentences.
    tried: &'static str,
    /// What a step is about: `palette`.
    unit: &'static str,
    run: StudyRun,
    /// What would be asked now, or in a sentence why nothing can be.
    #[prop(into)]
    asks: Signal<Result<AskedStudy, String>>,
    /// Draws the report, below its sentences.
    shown: fn(&StudyReport) -> AnyView,
    /// Fields for the settings.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let page = page();
    let heading = format!("study-{name}");
    let busy = Memo::new(move |_| run.at_work.with(Option::is_some));
    let begin = move |_| {
        if let Ok(asked) = asks.get_untracked() {
            table_studies::run(page, run, question, asked);
        }
    };
    let words = move || if run.found.with(Option::is_some) { "Run again" } else { "Run" };
    view! {
        <section class="card study" aria-labelledby=heading.clone()>
            <div class="asks">
                <h2 id=heading.clone()>{question}</h2>
                <p class="tried">{tried}</p>
                {children.map(|children| view! { <div class="settings">{children()}</div> })}
                {move || asks.get().err().map(|reason| view! { <p class="note" role="status"><Sentence text=reason /></p> })}
                <Show
                    when=move || busy.get()
                    fallback=move || {
                        view! {
                            <button
                                type="button"
                                class="primary"
                                aria-describedby=format!("study-{name}")
                                disabled=move || asks.with(Result::is_err)
                                on:click=begin
                            >
                                {words}
                            </button>
                        }
                    }
                >
                    <Working run unit />
                </Show>
            </div>
            <div class="found" class:stale=move || busy.get()>
                {move || {
                    run.found
                        .get()
                        .map(|found| match found {
                            Ok(found) => view! { <Found name found asks shown /> }.into_any(),
                            Err(reason) => {
                                view! {
                                    <p class="warning" role="alert">
                                        <Sentence text=reason />
                                    </p>
                                }
                                    .into_any()
                            }
                        })
                }}
            </div>
        </section>
    }
}

/// How far it is, and a way out.
#[component]
fn Working(run: StudyRun, unit: &'static str) -> impl IntoView {
    let share = move || match run.at_work.get() {
        Some(AtWork::Steps { progress, .. }) => progress.done as f64 / progress.total.max(1) as f64,
        Some(AtWork::Waits) | None => 0.0,
    };
    let words = move || match run.at_work.get() {
        Some(AtWork::Steps { progress, since }) => {
            let (done, seconds) = (share(), 1e-3 * (clock::milliseconds() - since));
            let left = if done >= TELLING && !progress.is_done() {
                format!(" · about {} left", duration(seconds * (1.0 - done) / done))
            } else {
                String::new()
            };
            format!("{} of {}{left}", progress.done, count(progress.total, unit))
        }
        Some(AtWork::Waits) | None => "Waits for its turn…".to_owned(),
    };
    view! {
        <div class="working">
            <progress aria-label="Progress of the study" max="1" value=move || format!("{:.4}", share())></progress>
            <p class="quiet">{words}</p>
            <button type="button" on:click=move |_| run.ends()>
                "Cancel"
            </button>
        </div>
    }
}

#[component]
fn Found(
    name: &'static str,
    found: Arc<ShownStudy>,
    asks: Signal<Result<AskedStudy, String>>,
    shown: fn(&StudyReport) -> AnyView,
) -> impl IntoView {
    let page = page();
    let report = &found.studied.report;
    let says =
        report.sentences().iter().map(|text| view! { <p><Sentence text=text.clone() /></p> }).collect_view();
    let notes = report.notes().to_vec();
    let about = format!("{} Took {} here.", found.asked.about, took(found.studied.seconds));
    let other = {
        let asked = found.asked.clone();
        move || asks.with(|now| now.as_ref().is_ok_and(|now| *now != asked))
    };
    let (for_csv, for_json) = (found.clone(), found.clone());
    view! {
        <div class="says" role="status" aria-label="What one sees">
            {says}
        </div>
        <Show when=other>
            <p class="note">"Something else is chosen now: run it again to see that."</p>
        </Show>
        {shown(report)}
        {(!notes.is_empty()).then(|| view! { <ul class="notes">{sentences(notes)}</ul> })}
        <p class="hint">
            <Sentence text=about />
        </p>
        <div class="row">
            <button type="button" on:click=move |_| export::study_csv(page, name, &for_csv)>
                "Numbers as CSV"
            </button>
            <button type="button" on:click=move |_| export::study_json(page, name, &for_json)>
                "Numbers as JSON"
            </button>
        </div>
    }
}

/// A time that has passed: `0.3 s`, `12 s`, `3 min`.
fn took(seconds: f64) -> String {
    if seconds < 10.0 { format!("{:.1} s", seconds.max(0.1)) } else { duration(seconds) }
}
