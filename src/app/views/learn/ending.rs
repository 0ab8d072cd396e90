//! The end of a lesson: what was learnt, and the answer sheet.

use super::spoken::Prose;
use crate::app::actions::learn;
use crate::app::format::count;
use crate::app::state::page;
use leptos::prelude::*;
use palette_lessons::Lesson;
use std::sync::Arc;

#[component]
pub fn Ending(lesson: Arc<Lesson>) -> impl IntoView {
    let page = page();
    let learnt =
        lesson.learnt.iter().map(|text| view! { <li><Prose text=text.clone() /></li> }).collect_view();
    let tasks = lesson.tasks().count();
    let ids: Vec<String> = lesson.tasks().map(|task| task.id.clone()).collect();
    let done = move || ids.iter().filter(|id| page.learn.is_done(id)).count();
    view! {
        <ul class="learnt">{learnt}</ul>
        <p>
            {move || match done() {
                n if n == tasks => "All tasks are done.".to_owned(),
                n => format!("{n} of {} done. The numbers above lead back to the others.", count(tasks, "task")),
            }}
        </p>
        <AnswerSheet />
        <p class="row">
            <button type="button" on:click=move |_| {
                let _ = window().print();
            }>"Print as a handout"</button>
        </p>
    }
}

/// The name, if any, and a button that saves the sheet.
#[component]
fn AnswerSheet() -> impl IntoView {
    let page = page();
    let name = move || page.learn.sheet().map(|sheet| sheet.name).unwrap_or_default();
    view! {
        <div class="offer">
            <p>
                "Your "<b>"answer sheet"</b>" is a small file with what you answered and how long it took. It goes \
                    nowhere unless you give it to somebody."
            </p>
            <p class="row">
                <label for="sheet-name">"Name (may stay empty)"</label>
                <input
                    type="text"
                    id="sheet-name"
                    maxlength="80"
                    autocomplete="off"
                    prop:value=name
                    on:change=move |event| {
                        let name = event_target_value(&event);
                        page.learn.write(|sheet| sheet.name = name.trim().to_owned());
                    }
                />
                <button type="button" class="primary" on:click=move |_| learn::save_sheet(page)>
                    "Save my answer sheet"
                </button>
            </p>
        </div>
    }
}
