//! What a palette must be like for a task: a list, a form for one more, and “what Compose shows now”.

use super::Draft;
use super::fields::{Line, Pick};
use crate::app::state::{Page, page};
use crate::app::views::names::Sentence;
use leptos::prelude::*;
use palette_lessons::{
    Check, Condition, Figure, LevelText, OfFigure, OfLambda, OfLevel, OfTarget, Sign, Span, Task, Wants,
};
use palette_study::{Pooling, Verdict};
use palette_tables::Target;

/// The values of the set in use.
pub fn names() -> Vec<String> {
    page().table.with_untracked(|table| {
        table.iter().flat_map(|table| table.set.values.iter().map(|value| value.name.clone())).collect()
    })
}

/// The conditions of a task's check.
fn list(task: &Task) -> &[Condition] {
    match &task.check {
        Check::Palette(check) => &check.all,
        Check::Number(check) => &check.when,
        Check::Choice(_) => &[],
    }
}

fn change(draft: Draft, at: usize, change: impl FnOnce(&mut Vec<Condition>)) {
    draft.edit(|lesson| {
        match lesson.steps.get_mut(at).and_then(|step| step.task.as_mut()).map(|task| &mut task.check) {
            Some(Check::Palette(check)) => change(&mut check.all),
            Some(Check::Number(check)) => change(&mut check.when),
            _ => {}
        }
    });
}

#[component]
pub fn Conditions(draft: Draft, at: usize) -> impl IntoView {
    let page = page();
    let all = Memo::new(move |_| {
        draft.with(|lesson| {
            let task = lesson.steps.get(at).and_then(|step| step.task.as_ref());
            task.map(|task| list(task).to_vec()).unwrap_or_default()
        })
    });
    let rows = move || {
        all.get()
            .into_iter()
            .enumerate()
            .map(|(i, condition)| {
                let words = words(&condition);
                view! {
                    <li>
                        <Sentence text=words.clone() />
                        <button
                            type="button"
                            class="small"
                            aria-label=format!("Remove: {words}")
                            on:click=move |_| change(draft, at, |all| drop(all.remove(i)))
                        >
                            "Remove"
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    let use_now = move |_| match shown_now(page) {
        Some(now) => change(draft, at, |all| *all = now),
        None => page.notify("The palette is still being worked out. Try again in a moment."),
    };
    view! {
        <div class="conditions">
            <p>"The palette must be like this:"</p>
            <ul>{rows}</ul>
            <Form draft at />
            <p class="row">
                <button type="button" class="small" on:click=use_now>
                    "Use what Compose shows now"
                </button>
            </p>
        </div>
    }
}

/// The verdict and the targets of what is composed: reaching as much is what the task asks.
fn shown_now(page: Page) -> Option<Vec<Condition>> {
    let outcome = page.outcome.get_untracked().filter(|_| !page.solving.get_untracked())?;
    let table = page.table.get_untracked()?;
    let mut all = vec![Condition::Verdict(outcome.report.verdict)];
    if page.pooling.get_untracked().is_some() {
        all.push(Condition::Pooling(outcome.pooling));
    }
    for value in &table.set.values {
        let name = value.name.clone();
        match outcome.palette.target(&name) {
            Target::Off => {}
            Target::MAINTAIN => all.push(Condition::Target(OfTarget { value: name, is: Wants::Kept })),
            target => {
                let [low, high] = target.levels().map(|level| level.map(LevelText));
                all.push(Condition::Asks(OfLevel { value: name, at_least: low, at_most: high }));
            }
        }
    }
    Some(all)
}

const KINDS: [(&str, &str); 10] = [
    ("reachable", "the verdict is Reachable"),
    ("unreachable", "the verdict is Out of reach"),
    ("edge", "the verdict is On the edge"),
    ("level", "a value comes out at least at a level"),
    ("asked", "a value has a target of its own"),
    ("kept", "a value is maintained"),
    ("off", "a value is off"),
    ("zero", "the λ of a value is zero"),
    ("kl", "the price is at most so many nats"),
    ("targets", "at least so many values have targets"),
];

/// One more condition.
#[component]
fn Form(draft: Draft, at: usize) -> impl IntoView {
    let kind = RwSignal::new("reachable".to_owned());
    let names = names();
    let value = RwSignal::new(names.first().cloned().unwrap_or_default());
    let amount = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let with_value =
        move || kind.with(|kind| ["level", "asked", "kept", "off", "zero"].contains(&kind.as_str()));
    let with_amount = move || kind.with(|kind| ["level", "kl", "targets"].contains(&kind.as_str()));
    let add = move |_| match made(&kind.get_untracked(), &value.get_untracked(), &amount.get_untracked()) {
        Ok(condition) => {
            wrong.set(None);
            change(draft, at, |all| all.push(condition));
        }
        Err(why) => wrong.set(Some(why)),
    };
    let kinds = KINDS.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec();
    let values: Vec<(String, String)> = names.iter().map(|name| (name.clone(), name.clone())).collect();
    let first = value.get_untracked();
    view! {
        <div class="grid">
            <Pick
                label="One more"
                options=kinds
                chosen="reachable".to_owned()
                set=Callback::new(move |chosen| kind.set(chosen))
            />
            <div hidden=move || !with_value()>
                <Pick label="Value" options=values chosen=first set=Callback::new(move |name| value.set(name)) />
            </div>
            <div hidden=move || !with_amount()>
                <Line
                    label="How much: a number, or for a level q80, base+0.3, keep"
                    value=String::new()
                    set=Callback::new(move |text| amount.set(text))
                />
            </div>
        </div>
        <p class="row">
            <button type="button" class="small" on:click=add>
                "Add it"
            </button>
            <span class="wrong" role="alert">
                {move || wrong.get()}
            </span>
        </p>
    }
}

/// The condition of the form. The error is a sentence.
fn made(kind: &str, value: &str, amount: &str) -> Result<Condition, String> {
    let value = value.to_owned();
    let number = || {
        let read = amount.trim().replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite());
        read.ok_or_else(|| "Type a number first, such as 1.5.".to_owned())
    };
    Ok(match kind {
        "unreachable" => Condition::Verdict(Verdict::Unreachable),
        "edge" => Condition::Verdict(Verdict::Edge),
        "level" => {
            let at_least = Some(LevelText::try_from(amount.to_owned())?);
            Condition::Level(OfLevel { value, at_least, at_most: None })
        }
        "asked" => Condition::Target(OfTarget { value, is: Wants::Asked }),
        "kept" => Condition::Target(OfTarget { value, is: Wants::Kept }),
        "off" => Condition::Target(OfTarget { value, is: Wants::Off }),
        "zero" => Condition::Lambda(OfLambda { value, is: Sign::Zero }),
        "kl" => Condition::Figure(OfFigure { of: Figure::Kl, at_least: None, at_most: Some(number()?) }),
        "targets" => Condition::Targets(Span { at_least: Some(number()?), at_most: None }),
        _ => Condition::Verdict(Verdict::Reachable),
    })
}

/// A condition in words.
fn words(condition: &Condition) -> String {
    let level = |level: &Option<LevelText>| level.map(String::from);
    let span = |low: Option<String>, high: Option<String>| match (low, high) {
        (Some(low), Some(high)) if low == high => format!("exactly {low}"),
        (Some(low), Some(high)) => format!("from {low} to {high}"),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (None, None) => "anything".to_owned(),
    };
    let number = |number: &Option<f64>| number.map(|number| number.to_string());
    match condition {
        Condition::Verdict(Verdict::Reachable) => "The verdict is Reachable.".to_owned(),
        Condition::Verdict(Verdict::Edge) => "The verdict is On the edge.".to_owned(),
        Condition::Verdict(Verdict::Unreachable) => "The verdict is Out of reach.".to_owned(),
        Condition::Level(of) => {
            format!("“{}” comes out at {}.", of.value, span(level(&of.at_least), level(&of.at_most)))
        }
        Condition::Asks(of) => {
            format!("The target of “{}” is {}.", of.value, span(level(&of.at_least), level(&of.at_most)))
        }
        Condition::Target(OfTarget { value, is }) => match is {
            Wants::Off => format!("“{value}” is off."),
            Wants::Kept => format!("“{value}” is maintained."),
            Wants::Asked => format!("“{value}” has a target of its own."),
        },
        Condition::Lambda(OfLambda { value, is }) => match is {
            Sign::Positive => format!("The λ of “{value}” is above zero."),
            Sign::Zero => format!("The λ of “{value}” is zero."),
            Sign::Negative => format!("The λ of “{value}” is below zero."),
        },
        Condition::Figure(of) => {
            format!("This is {}: {}.", span(number(&of.at_least), number(&of.at_most)), of.of.words())
        }
        Condition::Targets(of) => {
            format!("So many values have targets: {}.", span(number(&of.at_least), number(&of.at_most)))
        }
        Condition::Pooling(Pooling::Pooled) => "Answers are pooled.".to_owned(),
        Condition::Pooling(Pooling::PerPrompt) => "Answers compete per prompt.".to_owned(),
        Condition::Values(names) => format!("The set in use has the values {}.", names.join(", ")),
    }
}
