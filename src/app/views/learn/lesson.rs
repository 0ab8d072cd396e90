//! A lesson: its text and tasks, step by step, beside the real Compose.

use super::ending::Ending;
use super::handout::Handout;
use super::spoken::Prose;
use super::task::TaskCard;
use crate::app::actions::learn;
use crate::app::format::count;
use crate::app::state::learn::OpenLesson;
use crate::app::state::page;
use crate::app::views::compose::Compose;
use crate::app::views::names::Name;
use leptos::prelude::*;
use palette_lessons::{Step, TableOffer};
use std::sync::Arc;

#[component]
pub fn LessonView(open: Arc<OpenLesson>) -> impl IntoView {
    let page = page();
    let state = page.learn;
    let lesson = open.lesson.clone();
    let steps = lesson.steps.len();
    let folded = RwSignal::new(false);
    let heading = NodeRef::<leptos::html::H3>::new();
    // Whoever goes on hears and sees the next step from its heading.
    let goes = move |to: usize| {
        state.goes_to(to);
        folded.set(false);
        if let Some(heading) = heading.get_untracked() {
            let _ = heading.focus();
        }
    };
    let preview = open.name.is_none();
    let back = if preview { "Back to making it" } else { "All lessons" };
    let title = lesson.title.clone();
    let at_end = Memo::new(move |_| state.step.get() >= steps);
    let at = move || match state.step.get() {
        step if step < steps => format!("Step {} of {steps}", step + 1),
        _ => "The end".to_owned(),
    };
    let shown = {
        let lesson = lesson.clone();
        move || match lesson.steps.get(state.step.get()) {
            Some(step) => view! { <StepText step=step.clone() /> }.into_any(),
            None => view! { <Ending lesson=lesson.clone() /> }.into_any(),
        }
    };
    let step_title = {
        let lesson = lesson.clone();
        move || {
            let step = lesson.steps.get(state.step.get());
            step.map_or_else(|| "What you have learnt".to_owned(), |step| step.title.clone())
        }
    };
    let dots = {
        let lesson = lesson.clone();
        (0..=steps)
            .map(|to| {
                let step = lesson.steps.get(to);
                let words = step.map_or("The end".to_owned(), |step| step.title.clone());
                let task = step.and_then(|step| step.task.as_ref()).map(|task| task.id.clone());
                let done = Memo::new(move |_| task.as_ref().is_some_and(|task| state.is_done(task)));
                let sign = move || {
                    if done.get() {
                        "✓".to_owned()
                    } else if to < steps {
                        (to + 1).to_string()
                    } else {
                        "★".to_owned()
                    }
                };
                let label = move || if done.get() { format!(" {words}, done") } else { format!(" {words}") };
                view! {
                    <li>
                        <button
                            type="button"
                            class:done=move || done.get()
                            aria-current=move || (state.step.get() == to).then_some("step")
                            on:click=move |_| goes(to)
                        >
                            {sign}
                            <span class="visually-hidden">{label}</span>
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class="lesson">
            <section class="card lesson-text" class:folded=move || folded.get() aria-label="Lesson">
                <div class="lesson-head">
                    <button
                        type="button"
                        class="small"
                        hidden=move || state.embed.get() && !preview
                        on:click=move |_| learn::leave(page)
                    >
                        {back}
                    </button>
                    <span class="quiet">{at}</span>
                    <button
                        type="button"
                        class="small fold"
                        aria-expanded=move || (!folded.get()).to_string()
                        aria-controls="lesson-step"
                        on:click=move |_| folded.update(|folded| *folded = !*folded)
                    >
                        {move || if folded.get() { "Show the step" } else { "Hide the step" }}
                    </button>
                </div>
                <h2>
                    <Name name=title />
                </h2>
                <ol class="dots" aria-label="Steps">
                    {dots}
                </ol>
                <div id="lesson-step" class="step">
                    <h3 tabindex="-1" node_ref=heading>
                        {move || view! { <Name name=step_title() /> }}
                    </h3>
                    {shown}
                    <p class="row onward">
                        <button
                            type="button"
                            disabled=move || state.step.get() == 0
                            on:click=move |_| goes(state.step.get_untracked().saturating_sub(1))
                        >
                            "Back"
                        </button>
                        <button
                            type="button"
                            class="primary"
                            hidden=move || at_end.get()
                            on:click=move |_| goes((state.step.get_untracked() + 1).min(steps))
                        >
                            "Next"
                        </button>
                    </p>
                </div>
            </section>
            <div class="lesson-compose">
                <Compose />
            </div>
            <Handout lesson />
        </div>
    }
}

#[component]
fn StepText(step: Step) -> impl IntoView {
    let paragraphs = step.text.into_iter().map(|text| view! { <p><Prose text /></p> }).collect_view();
    view! {
        {paragraphs}
        {step.table.map(|table| view! { <Offer table /> })}
        {step.task.map(|task| view! { <TaskCard task=Arc::new(task) /> })}
    }
}

/// The table of a step.
#[component]
fn Offer(table: TableOffer) -> impl IntoView {
    let page = page();
    let table = StoredValue::new(table);
    let rows = table.with_value(|table| table.csv.lines().count().saturating_sub(1));
    view! {
        <div class="offer">
            <p>
                <b>{table.with_value(|table| table.file.clone())}</b>
                <span class="quiet">{format!(" · {}", count(rows, "row"))}</span>
            </p>
            <p class="row">
                <button
                    type="button"
                    class="primary"
                    on:click=move |_| table.with_value(|table| learn::open_table(page, table))
                >
                    "Compose on this table"
                </button>
                <button type="button" on:click=move |_| table.with_value(|table| learn::download_table(page, table))>
                    "Download it"
                </button>
            </p>
        </div>
    }
}
