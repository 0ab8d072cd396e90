//! Learn: the list of lessons, a lesson beside Compose, the answers of a class, and lessons that teachers make.

mod class;
mod ending;
mod handout;
mod lesson;
mod list;
mod make;
mod spoken;
mod task;

use crate::app::state::learn::Place;
use crate::app::state::page;
use leptos::prelude::*;

#[component]
pub fn Learn() -> impl IntoView {
    let learn = page().learn;
    move || match learn.open.get() {
        Some(open) => view! { <lesson::LessonView open /> }.into_any(),
        None if learn.asked.with(Option::is_some) => {
            view! { <p class="empty" role="status">"Loading the lesson…"</p> }.into_any()
        }
        None => view! { <Places /> }.into_any(),
    }
}

/// What there is without an open lesson.
#[component]
fn Places() -> impl IntoView {
    let learn = page().learn;
    let tab = move |place: Place, words: &'static str| {
        view! {
            <button
                type="button"
                aria-pressed=move || (learn.place.get() == place).to_string()
                on:click=move |_| learn.place.set(place)
            >
                {words}
            </button>
        }
    };
    view! {
        <div class="learn">
            <div class="places" role="group" aria-label="Learn">
                {tab(Place::List, "Lessons")}
                {tab(Place::Class, "Answers of a class")}
                {tab(Place::Make, "Make a lesson")}
            </div>
            {move || match learn.place.get() {
                Place::List => view! { <list::Lessons /> }.into_any(),
                Place::Class => view! { <class::ClassView /> }.into_any(),
                Place::Make => view! { <make::Make /> }.into_any(),
            }}
        </div>
    }
}
