//! Make a lesson: by forms, kept in this browser, tried as a pupil, saved as a file, handed out as a link.

mod conditions;
mod fields;
mod share;
mod shows;
mod steps;
mod task;

use crate::app::actions::learn;
use crate::app::state::learn::OpenLesson;
use crate::app::state::{lesson_draft, page};
use crate::app::views::chosen_file::chosen_file;
use crate::app::views::names::Sentence;
use fields::Line;
use leptos::prelude::*;
use palette_lessons::Lesson;
use std::sync::Arc;

/// The lesson that is made. Copies share it.
#[derive(Clone, Copy)]
pub struct Draft {
    lesson: RwSignal<Arc<Lesson>>,
    /// Grows when the forms must be made anew: fields keep what is typed in them themselves.
    pub forms: RwSignal<u32>,
}

impl Draft {
    /// Reads something of it, whatever it becomes.
    pub fn with<T>(self, read: impl FnOnce(&Lesson) -> T) -> T {
        self.lesson.with(|lesson| read(lesson))
    }

    /// Reads something of it once.
    pub fn now<T>(self, read: impl FnOnce(&Lesson) -> T) -> T {
        self.lesson.with_untracked(|lesson| read(lesson))
    }

    /// Changes it, as a field does.
    pub fn edit(self, change: impl FnOnce(&mut Lesson)) {
        self.lesson.update(|lesson| change(Arc::make_mut(lesson)));
        self.lesson.with_untracked(|lesson| lesson_draft::keep(lesson));
    }

    /// Changes what the forms are made of.
    pub fn rebuild(self, change: impl FnOnce(&mut Lesson)) {
        self.edit(change);
        self.forms.update(|n| *n += 1);
    }
}

#[component]
pub fn Make() -> impl IntoView {
    let page = page();
    let draft = Draft { lesson: page.learn.draft, forms: RwSignal::new(0) };
    let problem = move || draft.with(Lesson::problem);
    let preview = move |_| {
        let lesson = Arc::new(draft.now(Clone::clone));
        let version = lesson.version();
        page.learn.palette_given.set_value(false);
        page.learn.opens(OpenLesson { lesson, version, name: None });
    };
    let open = move |event: leptos::ev::Event| {
        let Some(file) = chosen_file(&event) else { return };
        leptos::task::spawn_local(async move {
            match learn::read_file(&file).await {
                Ok(lesson) => {
                    draft.rebuild(|draft| *draft = lesson);
                    page.notify("The lesson is open: go on making it.");
                }
                Err(problem) => page.notify_error(problem),
            }
        });
    };
    view! {
        <div class="make">
            <section class="card" aria-labelledby="make-title">
                <h2 id="make-title">"Make a lesson"</h2>
                <p>
                    "Text, tasks and what is shown of Compose: all of it stays in this browser until you save it as a \
                    file or hand it out. Tasks are checked by the page itself, on the solver's report."
                </p>
                <p class="row">
                    <button type="button" class="primary" disabled=move || problem().is_some() on:click=preview>
                        "Preview as a pupil"
                    </button>
                    <button
                        type="button"
                        disabled=move || problem().is_some()
                        on:click=move |_| draft.now(|lesson| learn::save_lesson(page, lesson))
                    >
                        "Save as a file"
                    </button>
                    <label class="file">
                        <span>"Open a lesson's file"</span>
                        <input type="file" accept=".json,application/json" on:change=open />
                    </label>
                    <button
                        type="button"
                        on:click=move |_| draft.rebuild(|lesson| *lesson = lesson_draft::beginning())
                    >
                        "Start afresh"
                    </button>
                </p>
                <p class="missing" role="status" aria-label="What is missing">
                    {move || problem().map(|text| view! { <Sentence text /> })}
                </p>
            </section>
            {move || {
                draft.forms.track();
                view! {
                    <About draft />
                    <shows::Shows draft />
                    <steps::Steps draft />
                }
            }}
            <share::Share draft />
        </div>
    }
}

#[component]
fn About(draft: Draft) -> impl IntoView {
    let set_minutes = move |text: String| {
        draft.edit(|lesson| lesson.minutes = text.trim().parse().unwrap_or(0));
    };
    view! {
        <section class="card" aria-labelledby="about-title">
            <h2 id="about-title">"About the lesson"</h2>
            <div class="grid">
                <Line
                    label="Title"
                    value=draft.now(|l| l.title.clone())
                    set=Callback::new(move |text| draft.edit(|l| l.title = text))
                />
                <Line
                    label="Id, for links and answer sheets"
                    value=draft.now(|l| l.id.clone())
                    set=Callback::new(move |text: String| draft.edit(|l| l.id = text.trim().to_owned()))
                />
                <Line
                    label="Minutes"
                    value=draft.now(|l| l.minutes.to_string())
                    set=Callback::new(set_minutes)
                />
                <Line
                    label="What it teaches, in a sentence"
                    value=draft.now(|l| l.teaches.clone())
                    set=Callback::new(move |text| draft.edit(|l| l.teaches = text))
                />
                <Line
                    label="What was learnt, one sentence a line"
                    value=draft.now(|l| l.learnt.join("\n"))
                    set=Callback::new(move |text: String| draft.edit(|l| l.learnt = fields::lines(&text)))
                    rows=3
                />
            </div>
        </section>
    }
}
