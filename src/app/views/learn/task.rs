//! A task: what to do, the answer, what it comes to, and hints one after another.

use super::spoken::Prose;
use crate::app::actions::learn;
use crate::app::browser::language::has_decimal_comma;
use crate::app::state::page;
use crate::app::views::names::Sentence;
use leptos::prelude::*;
use palette_lessons::{Check, Choice, NumberCheck, Task};
use palette_tables::number::{DecimalMark, parse_with};
use std::sync::Arc;

#[component]
pub fn TaskCard(task: Arc<Task>) -> impl IntoView {
    let page = page();
    let state = page.learn;
    let id = task.id.clone();
    let done = {
        let id = id.clone();
        Memo::new(move |_| state.is_done(&id))
    };
    let tried = {
        let id = id.clone();
        Memo::new(move |_| state.tried.with(|tried| tried.get(&id).cloned()))
    };
    let hints = {
        let id = id.clone();
        Memo::new(move |_| state.hints.with(|hints| hints.get(&id).copied().unwrap_or(0)))
    };
    let control = match &task.check {
        Check::Palette(_) => {
            let task = task.clone();
            view! {
                <p class="row">
                    <button type="button" class="primary" on:click=move |_| learn::check_palette(page, &task)>
                        "Check my palette"
                    </button>
                </p>
            }
            .into_any()
        }
        Check::Number(check) => view! { <NumberAnswer task=task.clone() check=check.clone() /> }.into_any(),
        Check::Choice(choice) => {
            view! { <ChoiceAnswer task=task.clone() choice=choice.clone() /> }.into_any()
        }
    };
    let said = {
        let done_words = task.done.clone();
        move || {
            tried.get().map(|tried| {
                let findings = tried
                    .findings
                    .iter()
                    .map(|finding| {
                        let sign = if finding.holds { "✓ " } else { "✗ " };
                        view! {
                            <li class:holds=finding.holds>
                                <span aria-hidden="true">{sign}</span>
                                <span class="visually-hidden">
                                    {if finding.holds { "Right: " } else { "Not yet: " }}
                                </span>
                                <Said text=finding.says.clone() />
                            </li>
                        }
                    })
                    .collect_view();
                let words =
                    tried.right.then(|| view! { <p class="well"><Prose text=done_words.clone() /></p> });
                view! {
                    <ul class="findings">{findings}</ul>
                    {words}
                }
            })
        }
    };
    let shown_hints = {
        let task = task.clone();
        move || {
            let hint = |text: &String| view! { <li><Prose text=text.clone() /></li> };
            task.hints.iter().take(hints.get()).map(hint).collect_view()
        }
    };
    let all = task.hints.len();
    let no_more = move || done.get() || hints.get() >= all;
    let more = {
        let task = task.clone();
        move |_| learn::hint(page, &task)
    };
    view! {
        <div class="task" class:done=move || done.get() role="group" aria-label="Task">
            <p class="label">{move || if done.get() { "Task: done ✓" } else { "Task" }}</p>
            <p>
                <Prose text=task.ask.clone() />
            </p>
            {control}
            <div role="status" aria-label="What it comes to">
                {said}
            </div>
            <ol class="hints" aria-live="polite" hidden=move || hints.get() == 0>
                {shown_hints}
            </ol>
            <button type="button" class="small" hidden=no_more on:click=more>
                {move || if hints.get() == 0 { "Give me a hint" } else { "Another hint" }}
            </button>
        </div>
    }
}

/// A finding, or an option's reason with its emphasis.
#[component]
fn Said(text: String) -> impl IntoView {
    if text.contains('*') {
        view! { <Prose text /> }.into_any()
    } else {
        view! { <Sentence text /> }.into_any()
    }
}

#[component]
fn NumberAnswer(task: Arc<Task>, check: NumberCheck) -> impl IntoView {
    let page = page();
    let wrong = RwSignal::new(None::<String>);
    let field = NodeRef::<leptos::html::Input>::new();
    let field_id = format!("answer-{}", task.id);
    let wrong_id = format!("wrong-{}", task.id);
    let answered = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        let text = field.value();
        let mark = if has_decimal_comma() { DecimalMark::Comma } else { DecimalMark::Point };
        let read = if text.trim().is_empty() {
            Err("Type a number first.".to_owned())
        } else {
            parse_with(&text, mark).map_err(|error| error.to_string())
        };
        match read {
            Ok(number) => {
                wrong.set(None);
                learn::check_number(page, &task, number);
            }
            Err(reason) => wrong.set(Some(reason)),
        }
    };
    view! {
        <form class="row" on:submit=answered>
            <label for=field_id.clone()>"Your number"</label>
            <input
                type="text"
                class="number"
                inputmode="decimal"
                autocomplete="off"
                id=field_id
                node_ref=field
                aria-invalid=move || wrong.with(Option::is_some).to_string()
                aria-describedby=wrong_id.clone()
            />
            <span class="quiet">{check.unit}</span>
            <button type="submit" class="primary">
                "Check my number"
            </button>
            <span class="wrong" role="alert" id=wrong_id>
                {move || wrong.get()}
            </span>
        </form>
    }
}

#[component]
fn ChoiceAnswer(task: Arc<Task>, choice: Choice) -> impl IntoView {
    let page = page();
    let chosen = RwSignal::new(None::<usize>);
    let group = format!("choice-{}", task.id);
    let options = choice
        .options
        .into_iter()
        .enumerate()
        .map(|(at, option)| {
            view! {
                <label class="option">
                    <input
                        type="radio"
                        name=group.clone()
                        prop:checked=move || chosen.get() == Some(at)
                        on:change=move |_| chosen.set(Some(at))
                    />
                    <span>
                        <Prose text=option.text />
                    </span>
                </label>
            }
        })
        .collect_view();
    let ask = task.ask.clone();
    let check = move |_| {
        if let Some(option) = chosen.get_untracked() {
            learn::check_choice(page, &task, option);
        }
    };
    view! {
        <fieldset class="bare options">
            <legend class="visually-hidden">{ask}</legend>
            {options}
        </fieldset>
        <p class="row">
            <button type="button" class="primary" disabled=move || chosen.with(Option::is_none) on:click=check>
                "Check my answer"
            </button>
        </p>
    }
}
