//! Before and after for every prompt: the picked draft beside one that was not, in an order that shows where it got
//! better or worse.

use crate::app::format::{count, level, percent};
use crate::app::state::answers::AlignedShown;
use crate::app::views::names::Name;
use crate::app::views::reward_bars::RewardBars;
use leptos::prelude::*;
use palette_study::align::lift_on;
use std::cmp::Ordering;
use std::sync::Arc;

/// Prompts shown at first: more are there at a press.
const AT_FIRST: usize = 12;

#[derive(Clone, Copy, PartialEq)]
enum Order {
    AsDrawn,
    Worst,
    Best,
}

/// One prompt with its drafts.
#[derive(Clone)]
struct Case {
    prompt: usize,
    rows: Vec<usize>,
    picked: usize,
    /// For each value: expected less base.
    lift: Vec<f64>,
}

#[component]
pub(super) fn ByPrompt(shown: Arc<AlignedShown>) -> impl IntoView {
    let cases = Arc::new(cases(&shown));
    let names: Vec<String> = shown.table.set.values.iter().map(|value| value.name.clone()).collect();
    let value = RwSignal::new(first_raised(&shown));
    let order = RwSignal::new(Order::AsDrawn);
    let only_worse = RwSignal::new(false);
    let all = RwSignal::new(false);
    let chosen = {
        let cases = cases.clone();
        Memo::new(move |_| {
            let i = value.get();
            let mut chosen: Vec<usize> = (0..cases.len()).collect();
            if only_worse.get() {
                chosen.retain(|c| cases[*c].lift[i] < 0.0);
            }
            let by = |a: &usize, b: &usize| {
                cases[*a].lift[i].partial_cmp(&cases[*b].lift[i]).unwrap_or(Ordering::Equal)
            };
            match order.get() {
                Order::AsDrawn => {}
                Order::Worst => chosen.sort_by(by),
                Order::Best => chosen.sort_by(|a, b| by(b, a)),
            }
            chosen
        })
    };
    let total = cases.len();
    let options = names
        .iter()
        .enumerate()
        .map(|(i, name)| view! { <option value=i.to_string() selected=move || value.get() == i>{name.clone()}</option> })
        .collect_view();
    let said = {
        let names = names.clone();
        move || {
            let n = chosen.with(Vec::len);
            if only_worse.get() {
                format!("{} of {} with less {} than base.", n, count(total, "prompt"), names[value.get()])
            } else {
                count(total, "prompt")
            }
        }
    };
    let list = move || {
        let most = if all.get() { usize::MAX } else { AT_FIRST };
        chosen
            .get()
            .into_iter()
            .take(most)
            .map(|c| view! { <CaseView shown=shown.clone() case=cases[c].clone() value=value.get() /> })
            .collect_view()
    };
    view! {
        <section class="card" aria-labelledby="picked-title">
            <h2 id="picked-title">"Before and after, prompt by prompt"</h2>
            <div class="row sort" role="group" aria-label="Order of the prompts">
                <label>
                    "Order "
                    <select on:change=move |event| {
                        order
                            .set(
                                match event_target_value(&event).as_str() {
                                    "worst" => Order::Worst,
                                    "best" => Order::Best,
                                    _ => Order::AsDrawn,
                                },
                            );
                    }>
                        <option value="drawn">"as drawn"</option>
                        <option value="worst">"worst first"</option>
                        <option value="best">"best first"</option>
                    </select>
                </label>
                <label>
                    "by "
                    <select on:change=move |event| {
                        if let Ok(i) = event_target_value(&event).parse::<usize>() {
                            value.set(i);
                        }
                    }>{options}</select>
                </label>
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=move || only_worse.get()
                        on:change=move |event| only_worse.set(event_target_checked(&event))
                    />
                    <span>"Show me where it got worse"</span>
                </label>
            </div>
            <p class="quiet" role="status">
                {said}
            </p>
            <ul class="picked">{list}</ul>
            <Show when=move || !all.get() && (chosen.with(Vec::len) > AT_FIRST)>
                <button type="button" on:click=move |_| all.set(true)>
                    {move || format!("Show all {}", chosen.with(Vec::len))}
                </button>
            </Show>
        </section>
    }
}

#[component]
fn CaseView(shown: Arc<AlignedShown>, case: Case, value: usize) -> impl IntoView {
    let set = &shown.table.set;
    let probability = |j: usize| shown.judged.probability.get(j).copied().unwrap_or(0.0);
    // The least likely of the others shows best what choosing shuns.
    let other = case
        .rows
        .iter()
        .copied()
        .filter(|j| *j != case.picked)
        .min_by(|a, b| probability(*a).total_cmp(&probability(*b)));
    let draft = |j: usize, what: &str| {
        let answer = &set.answers[j];
        let text = answer.text.trim();
        let text = if text.is_empty() { "(an empty answer)".to_owned() } else { text.to_owned() };
        let words = format!("{what}, with probability {}", percent(probability(j)));
        view! {
            <div class="pick">
                <RewardBars table=shown.table.clone() rewards=answer.rewards.clone() />
                <div>
                    <p dir="auto">{text}</p>
                    <p class="quiet">{words}</p>
                </div>
            </div>
        }
    };
    let rewards = set
        .values
        .iter()
        .zip(&set.answers[case.picked].rewards)
        .zip(&shown.table.accents)
        .zip(&case.lift)
        .map(|(((value, reward), accent), lift)| {
            view! {
                <li data-accent=accent.number>
                    <i class="dot" aria-hidden="true"></i>
                    <Name name=value.name.clone() />
                    " "
                    <b>{level(*reward)}</b>
                    <small>{format!(" (lift {})", level(*lift))}</small>
                </li>
            }
        })
        .collect_view();
    let worse = case.lift[value] < 0.0;
    let (rows, table) = (case.rows.clone(), shown.clone());
    let open = RwSignal::new(false);
    let drafts = move || {
        let mut rows = rows.clone();
        let p = |j: usize| table.judged.probability.get(j).copied().unwrap_or(0.0);
        rows.sort_by(|a, b| p(*b).total_cmp(&p(*a)));
        rows.into_iter()
            .map(|j| {
                let answer = &table.table.set.answers[j];
                view! {
                    <li>
                        <span class="share">{percent(p(j))}</span>
                        <span dir="auto">{answer.text.clone()}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <li class:worse=worse>
            <h3 dir="auto">{set.prompts[case.prompt].clone()}</h3>
            {draft(case.picked, &format!("picked among {}", case.rows.len()))}
            {other.map(|j| draft(j, "not picked"))}
            <ul class="rewards" aria-label="Rewards of the picked answer">
                {rewards}
            </ul>
            <details on:toggle=move |_| open.set(true)>
                <summary>{format!("All {}", count(case.rows.len(), "draft"))}</summary>
                <Show when=move || open.get()>
                    <ol class="shares">{drafts.clone()}</ol>
                </Show>
            </details>
        </li>
    }
}

fn cases(shown: &AlignedShown) -> Vec<Case> {
    let set = &shown.table.set;
    shown
        .judged
        .picked
        .iter()
        .filter_map(|&picked| {
            let prompt = set.answers.get(picked)?.prompt;
            let rows = shown.table.groups.get(prompt)?.clone();
            let probability = &shown.judged.probability;
            let lift = (0..set.values.len()).map(|i| lift_on(set, &rows, probability, i)).collect();
            Some(Case { prompt, rows, picked, lift })
        })
        .collect()
}

/// The first value that is asked for more than base.
fn first_raised(shown: &AlignedShown) -> usize {
    let raised = |name: &String| {
        shown
            .plan
            .asked
            .iter()
            .any(|asked| asked.name == *name && asked.lower.is_some_and(|c| c > asked.base + 1e-9))
    };
    shown.table.set.values.iter().position(|value| raised(&value.name)).unwrap_or(0)
}
