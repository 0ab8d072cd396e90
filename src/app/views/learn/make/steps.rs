//! The steps: text, a table, a task.

use super::Draft;
use super::fields::{Line, paragraphs};
use super::task::TaskForm;
use crate::app::state::page;
use crate::app::views::chosen_file::chosen_file;
use gloo_file::futures::read_as_text;
use leptos::prelude::*;
use palette_lessons::{Step, TableOffer};

/// A larger table is not for a lesson's file, bytes.
const LARGEST_TABLE: u64 = 100_000;

#[component]
pub fn Steps(draft: Draft) -> impl IntoView {
    let steps = draft.now(|lesson| lesson.steps.len());
    let cards = (0..steps).map(|at| view! { <StepForm draft at steps /> }).collect_view();
    let add = move |_| {
        draft.rebuild(|lesson| {
            let title = format!("Step {}", lesson.steps.len() + 1);
            lesson.steps.push(Step { title, ..Step::default() });
        });
    };
    view! {
        {cards}
        <p class="row">
            <button type="button" on:click=add>
                "Add a step"
            </button>
        </p>
    }
}

#[component]
fn StepForm(draft: Draft, at: usize, steps: usize) -> impl IntoView {
    let page = page();
    let heading = format!("step-{at}-title");
    let last = at + 1 >= steps;
    let edit = move |change: Box<dyn FnOnce(&mut Step)>| {
        draft.edit(|lesson| {
            if let Some(step) = lesson.steps.get_mut(at) {
                change(step);
            }
        });
    };
    let table = move || {
        draft.with(|lesson| {
            lesson.steps.get(at).and_then(|step| step.table.as_ref()).map(|table| table.file.clone())
        })
    };
    let choose = move |event: leptos::ev::Event| {
        let Some(file) = chosen_file(&event) else { return };
        leptos::task::spawn_local(async move {
            if file.size() > LARGEST_TABLE {
                return page.notify_error(format!(
                    "{} is too large: a lesson takes tables of at most 100 kB.",
                    file.name()
                ));
            }
            let Ok(csv) = read_as_text(&file).await else {
                return page.notify_error(format!("{} could not be read.", file.name()));
            };
            let name = file.name();
            edit(Box::new(move |step| step.table = Some(TableOffer { file: name, csv })));
        });
    };
    view! {
        <section class="card" aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{format!("Step {}", at + 1)}</h2>
            <Line
                label="Title of the step"
                value=draft.now(|lesson| lesson.steps[at].title.clone())
                set=Callback::new(move |text| edit(Box::new(move |step| step.title = text)))
            />
            <Line
                label="Text: blank lines part paragraphs; *light*, **strong**"
                value=draft.now(|lesson| lesson.steps[at].text.join("\n\n"))
                set=Callback::new(move |text: String| edit(Box::new(move |step| step.text = paragraphs(&text))))
                rows=6
            />
            <p class="row">
                <label class="file">
                    <span>"Offer a table (CSV)"</span>
                    <input type="file" accept=".csv,text/csv" on:change=choose />
                </label>
                {move || table().map(|file| view! {
                    <span>{file}</span>
                    <button type="button" class="small" on:click=move |_| edit(Box::new(|step| step.table = None))>
                        "Leave the table out"
                    </button>
                })}
            </p>
            <TaskForm draft at />
            <p class="row">
                <button
                    type="button"
                    class="small"
                    disabled=at == 0
                    on:click=move |_| draft.rebuild(|lesson| lesson.steps.swap(at, at.saturating_sub(1)))
                >
                    "Move up"
                </button>
                <button
                    type="button"
                    class="small"
                    disabled=last
                    on:click=move |_| draft.rebuild(|lesson| lesson.steps.swap(at, at + 1))
                >
                    "Move down"
                </button>
                <button
                    type="button"
                    class="small"
                    disabled=steps == 1
                    on:click=move |_| draft.rebuild(|lesson| drop(lesson.steps.remove(at)))
                >
                    "Remove this step"
                </button>
            </p>
        </section>
    }
}
