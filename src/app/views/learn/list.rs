//! The list of lessons: what each teaches, how long it takes, and what is done.

use crate::app::actions::learn;
use crate::app::format::count;
use crate::app::state::page;
use crate::app::views::chosen_file::chosen_file;
use crate::app::views::try_again::TryAgain;
use leptos::prelude::*;
use palette_lessons::Entry;

#[component]
pub fn Lessons() -> impl IntoView {
    let page = page();
    let index = page.learn.index;
    view! {
        <p class="lead">
            "Short lessons beside the real thing: a few words, something to try, and tasks that the page checks. \
            What you have done is kept in this browser."
        </p>
        {move || match index.get() {
            None => view! { <p role="status">"Loading the lessons…"</p> }.into_any(),
            Some(Err(reason)) => {
                let again = move || {
                    index.set(None);
                    learn::fetch_index(page);
                };
                let reason = format!("The lessons could not be loaded: {reason}.");
                view! { <TryAgain reason again /> }.into_any()
            }
            Some(Ok(entries)) => {
                let cards = entries
                    .into_iter()
                    .enumerate()
                    .map(|(at, entry)| view! { <Card number=at + 1 entry /> })
                    .collect_view();
                view! { <ol class="lessons">{cards}</ol> }.into_any()
            }
        }}
        <p class="row">
            <label class="file">
                <span>"Open a lesson from a file"</span>
                <input
                    type="file"
                    accept=".json,application/json"
                    on:change=move |event| {
                        if let Some(file) = chosen_file(&event) {
                            learn::open_file(page, file);
                        }
                    }
                />
            </label>
        </p>
    }
}

#[component]
fn Card(number: usize, entry: Entry) -> impl IntoView {
    let page = page();
    let Entry { id, title, minutes, teaches, tasks, .. } = entry;
    let done = {
        let id = id.clone();
        Memo::new(move |_| {
            page.learn.sheets.with(|sheets| {
                let sheet = sheets.get(&id);
                sheet.map_or(0, |sheet| sheet.tasks.iter().filter(|task| task.done).count().min(tasks))
            })
        })
    };
    let open = {
        let id = id.clone();
        move |event: leptos::ev::MouseEvent| {
            if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                event.prevent_default();
                learn::open(page, &id);
            }
        }
    };
    let all = move || done.get() == tasks;
    view! {
        <li class="card" class:done=all>
            <span class="number" aria-hidden="true">
                {move || if all() { "✓".to_owned() } else { number.to_string() }}
            </span>
            <div>
                <h2>
                    <a href=format!("#v=1&view=learn&lesson={id}") on:click=open>
                        {title}
                    </a>
                </h2>
                <p>{teaches}</p>
                <p class="quiet">
                    {format!("{} · ", count(minutes as usize, "minute"))}
                    {move || match done.get() {
                        0 => count(tasks, "task"),
                        n if n == tasks => "done".to_owned(),
                        n => format!("{n} of {} done", count(tasks, "task")),
                    }}
                </p>
            </div>
        </li>
    }
}
