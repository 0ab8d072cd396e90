//! Answers of a class: the sheets of all, solved again, at a glance.

use crate::app::actions::learn;
use crate::app::format::{count, duration};
use crate::app::state::page;
use crate::app::views::names::{Name, Sentence};
use gloo_file::FileList;
use leptos::prelude::*;
use palette_lessons::{Class, LessonResults, Mark, Pupil, PupilTask, TaskResults};
use std::sync::Arc;
use wasm_bindgen::JsCast;

#[component]
pub fn ClassView() -> impl IntoView {
    let page = page();
    let state = page.learn;
    let chosen = move |event: leptos::ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(files) = input.files() {
            learn::grade_files(page, FileList::from(files).to_vec());
        }
        input.set_value("");
    };
    view! {
        <section class="card" aria-labelledby="class-title">
            <h2 id="class-title">"Answers of a class"</h2>
            <p>
                "Collect the answer sheets that your pupils saved, and open them all at once, or drop them onto this \
                page. Every palette on them is solved again here; nothing is taken from a sheet but what was answered. \
                For a lesson of your own, open its file together with the sheets. Nothing leaves this browser."
            </p>
            <p class="row">
                <label class="file">
                    <span>"Open answer sheets"</span>
                    <input type="file" multiple=true accept=".json,application/json" on:change=chosen />
                </label>
            </p>
            <p role="status">
                {move || state.grading.get().map(|files| format!("Solving again what stands in {}…", count(files, "file")))}
            </p>
            {move || state.class.get().map(|class| match class {
                Ok(class) => view! { <Results class /> }.into_any(),
                Err(reason) => view! { <p class="warning" role="alert"><Sentence text=reason /></p> }.into_any(),
            })}
        </section>
    }
}

#[component]
fn Results(class: Arc<Class>) -> impl IntoView {
    let page = page();
    let left_out = class
        .left_out
        .iter()
        .map(|(file, why)| view! { <li><b><Name name=file.clone() /></b>" "<Sentence text=why.clone() /></li> })
        .collect_view();
    let lessons =
        class.lessons.iter().map(|results| view! { <LessonTable results=results.clone() /> }).collect_view();
    let some = !class.lessons.is_empty();
    let saved = class.clone();
    view! {
        {(!class.left_out.is_empty())
            .then(|| {
                view! {
                    <div class="left-out" role="alert">
                        <p>
                            {if class.left_out.len() == 1 {
                                "One file was left out; the others are shown.".to_owned()
                            } else {
                                format!("{} files were left out; the others are shown.", class.left_out.len())
                            }}
                        </p>
                        <ul>{left_out}</ul>
                    </div>
                }
            })}
        {lessons}
        {some
            .then(|| {
                view! {
                    <p class="row">
                        <button type="button" on:click=move |_| learn::save_csv(page, &saved)>
                            "Grade book as CSV"
                        </button>
                    </p>
                }
            })}
    }
}

#[component]
fn LessonTable(results: LessonResults) -> impl IntoView {
    let pupils = results.pupils.len();
    let heads = results
        .tasks
        .iter()
        .map(|task| {
            let most = results.most_missed.as_deref() == Some(task.id.as_str());
            view! {
                <th scope="col" class:most=most>
                    {task.title.clone()}
                    {most.then_some(" (missed most)")}
                </th>
            }
        })
        .collect_view();
    let sums = results
        .tasks
        .iter()
        .map(|task| view! { <td>{format!("{} of {pupils}", task.right)}</td> })
        .collect_view();
    let rows = results.pupils.iter().map(pupil_row).collect_view();
    let choices =
        results.tasks.iter().filter(|task| !task.wrong_choices.is_empty()).map(choices).collect_view();
    let any_choice = results.tasks.iter().any(|task| !task.wrong_choices.is_empty());
    view! {
        <h3>{format!("{} · {}", results.title, count(pupils, "sheet"))}</h3>
        <div class="scrolls" tabindex="0" role="region" aria-label=format!("Answers to {}", results.title)>
            <table class="class-table">
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        {heads}
                        <th scope="col">"Right"</th>
                        <th scope="col">"Time"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">"Right"</th>
                        {sums}
                        <td></td>
                        <td></td>
                    </tr>
                </tfoot>
            </table>
        </div>
        {any_choice
            .then(|| {
                view! {
                    <h4>"Wrong choices, the most frequent first"</h4>
                    <ul class="wrong-choices">{choices}</ul>
                }
            })}
    }
}

fn pupil_row(pupil: &Pupil) -> impl IntoView + use<> {
    let cells = pupil.tasks.iter().map(cell).collect_view();
    let name = if pupil.name.is_empty() { format!("({})", pupil.file) } else { pupil.name.clone() };
    let notes = pupil.notes.iter().map(|note| view! { <small>{note.clone()}</small> }).collect_view();
    view! {
        <tr>
            <th scope="row" title=pupil.file.clone()>
                <Name name />
                {notes}
            </th>
            {cells}
            <td>{format!("{} of {}", pupil.right, pupil.tasks.len())}</td>
            <td>{duration(pupil.seconds)}</td>
        </tr>
    }
}

fn cell(task: &PupilTask) -> impl IntoView + use<> {
    let (class, sign) = match task.mark {
        Mark::Right => ("right", "✓"),
        Mark::Wrong => ("wrong-mark", "✗"),
        Mark::NotTried => ("none", "–"),
        Mark::NotChecked => ("none", "?"),
    };
    let tries =
        (task.tries > 1).then(|| format!(" {}", count(task.tries as usize, "try")).replace("trys", "tries"));
    view! {
        <td class=class title=task.says.clone()>
            <span aria-hidden="true">{sign}</span>
            <span class="visually-hidden">{task.mark.words()}</span>
            <small>{tries}</small>
        </td>
    }
}

fn choices(task: &TaskResults) -> impl IntoView + use<> {
    let each = task
        .wrong_choices
        .iter()
        .map(|(text, times)| view! { <li>{format!("{times} × “{text}”")}</li> })
        .collect_view();
    view! {
        <li>
            <b>{task.title.clone()}</b>
            <ul>{each}</ul>
        </li>
    }
}
