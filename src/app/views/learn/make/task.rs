//! The task of a step: its kind, what it asks, its check and its hints.

use super::Draft;
use super::conditions::{self, Conditions};
use super::fields::{Line, Pick, lines, new_id};
use leptos::prelude::*;
use palette_lessons::{Check, Choice, ChoiceOption, Figure, NumberCheck, PaletteCheck, Task, ValueFigure};

const KINDS: [(&str, &str); 4] = [
    ("none", "no task"),
    ("palette", "a palette with such properties"),
    ("number", "a number from the report"),
    ("choice", "a choice with reasons"),
];

fn kind_of(task: Option<&Task>) -> &'static str {
    match task.map(|task| &task.check) {
        None => "none",
        Some(Check::Palette(_)) => "palette",
        Some(Check::Number(_)) => "number",
        Some(Check::Choice(_)) => "choice",
    }
}

fn empty(kind: &str, at: usize) -> Option<Task> {
    let check = match kind {
        "palette" => Check::Palette(PaletteCheck::default()),
        "number" => Check::Number(NumberCheck {
            of: Figure::Kl,
            tolerance: 0.01,
            unit: "nats".to_owned(),
            when: Vec::new(),
        }),
        "choice" => {
            let right = ChoiceOption { right: true, ..ChoiceOption::default() };
            Check::Choice(Choice { options: vec![right, ChoiceOption::default()] })
        }
        _ => return None,
    };
    let id = format!("task-{}", at + 1);
    Some(Task { id, ask: String::new(), check, hints: Vec::new(), done: String::new() })
}

#[component]
pub fn TaskForm(draft: Draft, at: usize) -> impl IntoView {
    let kind = draft.now(|lesson| kind_of(lesson.steps[at].task.as_ref()));
    let choose = move |kind: String| {
        draft.rebuild(|lesson| {
            // Another task's id may be the usual one.
            let taken: Vec<String> = lesson.tasks().map(|task| task.id.clone()).collect();
            let Some(step) = lesson.steps.get_mut(at) else { return };
            let before = step.task.take();
            step.task = empty(&kind, at).map(|mut task| match before {
                Some(before) => Task { check: task.check, ..before },
                None => {
                    while taken.contains(&task.id) {
                        task.id.push('b');
                    }
                    task
                }
            });
        });
    };
    let options = KINDS.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec();
    view! {
        <Pick label="Task" options chosen=kind.to_owned() set=Callback::new(choose) />
        {(kind != "none").then(|| view! { <Asked draft at /> })}
    }
}

#[component]
fn Asked(draft: Draft, at: usize) -> impl IntoView {
    let task = draft.now(|lesson| lesson.steps[at].task.clone());
    let Some(task) = task else { return ().into_any() };
    let edit = move |change: Box<dyn FnOnce(&mut Task)>| {
        draft.edit(|lesson| {
            if let Some(task) = lesson.steps.get_mut(at).and_then(|step| step.task.as_mut()) {
                change(task);
            }
        });
    };
    let check = match &task.check {
        Check::Palette(_) => view! { <Conditions draft at /> }.into_any(),
        Check::Number(check) => view! { <NumberForm draft at check=check.clone() /> }.into_any(),
        Check::Choice(choice) => view! { <ChoiceForm draft at choice=choice.clone() /> }.into_any(),
    };
    view! {
        <div class="task-form">
            <Line
                label="What to do"
                value=task.ask
                set=Callback::new(move |text| edit(Box::new(move |task| task.ask = text)))
                rows=2
            />
            {check}
            <Line
                label="Hints, one a line"
                value=task.hints.join("\n")
                set=Callback::new(move |text: String| edit(Box::new(move |task| task.hints = lines(&text))))
                rows=2
            />
            <Line
                label="Said when it is done"
                value=task.done
                set=Callback::new(move |text| edit(Box::new(move |task| task.done = text)))
            />
        </div>
    }
    .into_any()
}

#[component]
fn NumberForm(draft: Draft, at: usize, check: NumberCheck) -> impl IntoView {
    let edit = move |change: Box<dyn FnOnce(&mut NumberCheck)>| {
        draft.edit(|lesson| {
            let task = lesson.steps.get_mut(at).and_then(|step| step.task.as_mut());
            if let Some(Task { check: Check::Number(check), .. }) = task {
                change(check);
            }
        });
    };
    let figures: Vec<(String, String)> = figures(&conditions::names())
        .into_iter()
        .map(|figure| (String::from(figure.clone()), figure.words()))
        .collect();
    view! {
        <div class="grid">
            <Pick
                label="The number"
                options=figures
                chosen=String::from(check.of)
                set=Callback::new(move |path: String| {
                    if let Ok(figure) = Figure::try_from(path) {
                        edit(Box::new(move |check| check.of = figure));
                    }
                })
            />
            <Line
                label="How far it may be off"
                value=check.tolerance.to_string()
                set=Callback::new(move |text: String| {
                    let tolerance = text.trim().replace(',', ".").parse().unwrap_or(f64::NAN);
                    edit(Box::new(move |check| check.tolerance = tolerance));
                })
            />
            <Line
                label="Unit"
                value=check.unit
                set=Callback::new(move |text| edit(Box::new(move |check| check.unit = text)))
            />
        </div>
        <p class="quiet">
            "The right number is not written into the lesson: it is looked up in the report of the palette that the \
            pupil composes, which must be as follows."
        </p>
        <Conditions draft at />
    }
}

/// What can be asked for, on these values.
fn figures(names: &[String]) -> Vec<Figure> {
    let mut all = vec![
        Figure::Kl,
        Figure::Drafts,
        Figure::Slack,
        Figure::EffectiveSamples,
        Figure::ProofAsked,
        Figure::ProofBest,
    ];
    let of_value = [
        ValueFigure::Realised,
        ValueFigure::Lambda,
        ValueFigure::Most,
        ValueFigure::Base,
        ValueFigure::Target,
    ];
    for name in names {
        all.extend(of_value.map(|what| Figure::Value { name: name.clone(), what }));
    }
    all
}

#[component]
fn ChoiceForm(draft: Draft, at: usize, choice: Choice) -> impl IntoView {
    let edit = move |change: Box<dyn FnOnce(&mut Choice)>, anew: bool| {
        let change = |lesson: &mut palette_lessons::Lesson| {
            let task = lesson.steps.get_mut(at).and_then(|step| step.task.as_mut());
            if let Some(Task { check: Check::Choice(choice), .. }) = task {
                change(choice);
            }
        };
        if anew { draft.rebuild(change) } else { draft.edit(change) }
    };
    let group = new_id();
    let fewest = choice.options.len() <= 2;
    let options = choice
        .options
        .into_iter()
        .enumerate()
        .map(|(i, option)| {
            let set_right = move |_| {
                edit(
                    Box::new(move |choice| {
                        for (j, option) in choice.options.iter_mut().enumerate() {
                            option.right = i == j;
                        }
                    }),
                    false,
                );
            };
            view! {
                <div class="option-form">
                    <label class="tick">
                        <input type="radio" name=group.clone() prop:checked=option.right on:change=set_right />
                        <span>{format!("Option {} is right", i + 1)}</span>
                    </label>
                    <Line
                        label=format!("Option {}", i + 1)
                        value=option.text
                        set=Callback::new(move |text| {
                            edit(Box::new(move |choice| choice.options[i].text = text), false);
                        })
                    />
                    <Line
                        label=format!("Why option {} is right or wrong", i + 1)
                        value=option.because
                        set=Callback::new(move |text| {
                            edit(Box::new(move |choice| choice.options[i].because = text), false);
                        })
                    />
                </div>
            }
        })
        .collect_view();
    view! {
        {options}
        <p class="row">
            <button
                type="button"
                class="small"
                on:click=move |_| edit(Box::new(|choice| choice.options.push(ChoiceOption::default())), true)
            >
                "Add an option"
            </button>
            <button
                type="button"
                class="small"
                disabled=fewest
                on:click=move |_| edit(Box::new(|choice| drop(choice.options.pop())), true)
            >
                "Remove the last option"
            </button>
        </p>
    }
}
