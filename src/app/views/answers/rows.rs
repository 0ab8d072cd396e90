//! The prompts of a job, each with how far it is and, when opened, its answers.

use crate::app::accent::accents;
use crate::app::format::{count, level};
use crate::app::state::answers::rows::{Row, RowState};
use crate::app::state::page;
use crate::app::state::table::{Origin, Table};
use crate::app::views::names::{Name, Sentence};
use crate::app::views::reward_bars::RewardBars;
use leptos::prelude::*;
use palette_tables::Drawn;
use std::sync::Arc;

/// Numbers in a line of means; more could not be read.
const MOST_MEANS: usize = 8;

#[component]
pub fn Rows() -> impl IntoView {
    let state = page().answers;
    view! {
        <Show when=move || state.rows.with(|rows| !rows.is_empty())>
            <section class="card" aria-labelledby="rows-title">
                <h2 id="rows-title">"Answers prompt by prompt"</h2>
                <ol class="prompt-rows">
                    <For
                        each=move || state.rows.get()
                        // The same prompts drawn anew are other rows.
                        key=|row| (row.index, row.prompt.as_ptr() as usize)
                        children=move |row| view! { <PromptRow row /> }
                    />
                </ol>
            </section>
        </Show>
    }
}

#[component]
fn PromptRow(row: Row) -> impl IntoView {
    let Row { index, prompt, state, texts, drawn, open, .. } = row;
    let answers_id = format!("answers-to-{index}");
    let shown = {
        let open = open.clone();
        move || open.get()
    };
    let turn = {
        let open = open.clone();
        move |_| open.update(|open| *open = !*open)
    };
    let words = {
        let state = state.clone();
        move || match state.get() {
            RowState::Waiting => "waiting".to_owned(),
            RowState::GivenBack => "waiting again: its worker stopped".to_owned(),
            RowState::Drawing { tokens } => format!("drawing · {}", count(tokens, "token")),
            RowState::Scoring => "scoring".to_owned(),
            RowState::Done { answers, tokens, tokens_per_second } => {
                format!(
                    "{} · {} · {tokens_per_second:.0} a second",
                    count(answers, "answer"),
                    count(tokens, "token")
                )
            }
            RowState::Skipped(_) => "passed over".to_owned(),
        }
    };
    let class = {
        let state = state.clone();
        Memo::new(move |_| {
            state.with(|state| match state {
                RowState::Waiting | RowState::GivenBack => "waiting",
                RowState::Drawing { .. } | RowState::Scoring => "working",
                RowState::Done { .. } => "done",
                RowState::Skipped(_) => "skipped",
            })
        })
    };
    let reason = {
        let state = state.clone();
        Memo::new(move |_| {
            state
                .with(|state| if let RowState::Skipped(reason) = state { Some(reason.clone()) } else { None })
        })
    };
    // One line of what comes, or of what came.
    let glance = {
        let (open, drawn, texts) = (open.clone(), drawn.clone(), texts.clone());
        move || {
            if let Some(reason) = reason.get() {
                return view! { <p class="reason"><Sentence text=reason /></p> }.into_any();
            }
            if let Some(drawn) = drawn.get() {
                return view! { <Means drawn /> }.into_any();
            }
            if open.get() {
                return ().into_any();
            }
            let texts = texts.clone();
            view! {
                <p class="stream" aria-hidden="true">
                    {move || texts.with(|texts| texts.first().cloned().unwrap_or_default())}
                </p>
            }
            .into_any()
        }
    };
    let details = {
        let (drawn, texts) = (drawn.clone(), texts.clone());
        move || match drawn.get() {
            Some(drawn) => view! { <Answers drawn /> }.into_any(),
            None => view! { <Streaming texts=texts.clone() /> }.into_any(),
        }
    };
    let controls = answers_id.clone();
    view! {
        <li class=move || format!("prompt-row {}", class.get())>
            <button
                type="button"
                class="head"
                aria-expanded=move || open.get().to_string()
                aria-controls=controls
                on:click=turn
            >
                <span class="prompt">
                    <Name name=prompt.to_string() />
                </span>
            </button>
            <span class="state">{words}</span>
            {glance}
            <div id=answers_id class="answers-of">
                <Show when=shown>{details.clone()}</Show>
            </div>
        </li>
    }
}

/// Texts as they come.
#[component]
fn Streaming(texts: ArcRwSignal<Vec<String>>) -> impl IntoView {
    let many = {
        let texts = texts.clone();
        Memo::new(move |_| texts.with(Vec::len))
    };
    view! {
        <Show when=move || many.get() == 0>
            <p class="hint">"No answer yet."</p>
        </Show>
        <ol class="drafts">
            <For
                each=move || 0..many.get()
                key=|j| *j
                children=move |j| {
                    let texts = texts.clone();
                    view! { <li>{move || texts.with(|texts| texts.get(j).cloned().unwrap_or_default())}</li> }
                }
            />
        </ol>
    }
}

/// Mean reward of the answers for every value.
#[component]
fn Means(drawn: Arc<Drawn>) -> impl IntoView {
    let names = value_names();
    let n = drawn.rewards.len().max(1) as f64;
    let means: Vec<f64> = (0..names.len())
        .map(|i| drawn.rewards.iter().filter_map(|rewards| rewards.get(i)).sum::<f64>() / n)
        .collect();
    view! {
        <ul class="rewards" aria-label="Mean rewards">
            {rewards(&names, &means, MOST_MEANS)}
        </ul>
    }
}

/// All answers with their rewards, against those of all answers that were finished when this was opened.
#[component]
fn Answers(drawn: Arc<Drawn>) -> impl IntoView {
    let state = page().answers;
    let names = value_names();
    let table = state.task.with_value(|task| {
        let set = task.as_ref()?.sample_set();
        Table::new(0, Origin::Generated, set, Vec::new()).ok().map(Arc::new)
    });
    let items = drawn
        .texts
        .iter()
        .zip(&drawn.rewards)
        .map(|(text, all)| {
            let text = if text.trim().is_empty() { "(an empty answer)".to_owned() } else { text.clone() };
            view! {
                <li>
                    {table.clone().map(|table| view! { <RewardBars table rewards=all.clone() /> })} <div>
                        <p>{text}</p>
                        <ul class="rewards" aria-label="Rewards">
                            {rewards(&names, all, names.len())}
                        </ul>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="scored">{items}</ol> }
}

/// Names of the values that the job rewards.
fn value_names() -> Vec<String> {
    let state = page().answers;
    state.task.with_value(|task| {
        task.iter().flat_map(|task| &task.values).map(|value| value.name.clone()).collect()
    })
}

fn rewards(names: &[String], all: &[f64], most: usize) -> impl IntoView + use<> {
    names
        .iter()
        .zip(accents(names))
        .zip(all)
        .take(most)
        .map(|((name, accent), reward)| {
            view! {
                <li data-accent=accent.number>
                    <i class="dot" aria-hidden="true"></i>
                    <Name name=name.clone() />
                    " "
                    <b>{level(*reward)}</b>
                </li>
            }
        })
        .collect_view()
}
