//! A lesson on paper: text, tasks and lines to write on. Seen in print alone.

use super::spoken::Prose;
use leptos::prelude::*;
use palette_lessons::{Check, Lesson, Step};
use std::sync::Arc;

#[component]
pub fn Handout(lesson: Arc<Lesson>) -> impl IntoView {
    let steps = (1..).zip(&lesson.steps).map(|(number, step)| on_paper(number, step)).collect_view();
    view! {
        <div class="handout">
            <p class="who">
                <b>"MAP Palette"</b>
                <span>"Name"</span>
                <span>"Date"</span>
            </p>
            <p class="title">{lesson.title.clone()}</p>
            <p>{lesson.teaches.clone()}</p>
            {steps}
        </div>
    }
}

fn on_paper(number: usize, step: &Step) -> impl IntoView + use<> {
    let text = step.text.iter().map(|text| view! { <p><Prose text=text.clone() /></p> }).collect_view();
    let task = step.task.as_ref().map(|task| {
        let answer = match &task.check {
            Check::Choice(choice) => {
                let option = |option: &palette_lessons::ChoiceOption| {
                    view! {
                        <li>
                            <Prose text=option.text.clone() />
                        </li>
                    }
                };
                let options = choice.options.iter().map(option).collect_view();
                view! {
                    <ul class="boxes">{options}</ul>
                    <p class="line">"because"</p>
                }
                .into_any()
            }
            Check::Number(check) => view! { <p class="line">{answer_in(&check.unit)}</p> }.into_any(),
            Check::Palette(_) => view! { <p class="line">"Targets"</p> }.into_any(),
        };
        view! {
            <div class="on-paper">
                <p>
                    <b>"Task: "</b>
                    <Prose text=task.ask.clone() />
                </p>
                {answer}
            </div>
        }
    });
    view! {
        <p class="step-title">{format!("{number}. {}", step.title)}</p>
        {text}
        {task}
    }
}

/// What stands before the line for a number.
fn answer_in(unit: &str) -> String {
    if unit.is_empty() { "Answer".to_owned() } else { format!("Answer ({unit})") }
}
