//! Why two targets cannot both be had: the proof, the price on the way to the edge, the nearest answers.

use super::why_words::{prices, proof, verdict};
use crate::app::format::{drafts, isolated, level, number};
use crate::app::state::table::Table;
use crate::app::state::{Outcome, page};
use crate::app::target_words::bounds_in_words;
use crate::app::views::names::{Name, Sentence};
use crate::app::views::repaint::repaint_on_resize;
use crate::app::views::save_picture::{Draw, SavePicture, keep_drawn};
use crate::chart::{Paint, PriceChart, draw_price};
use leptos::prelude::*;
use palette_study::{NearAnswer, WhyNotReport};
use std::sync::Arc;

#[component]
pub fn WhyNot(table: Arc<Table>) -> impl IntoView {
    let studies = page().studies;
    // The finding on the palette before stays in sight, dimmed, until this one is there.
    let found = Memo::new(move |before: Option<&Option<Result<WhyNotReport, String>>>| {
        studies.why_not.get().or_else(|| before.cloned().flatten())
    });
    let stale = move || studies.why_not.with(Option::is_none);
    move || match found.get() {
        None => view! { <p class="note">"Working out what stands in the way…"</p> }.into_any(),
        Some(Err(message)) => view! {
            <p class="note">
                <Sentence text=message />
            </p>
        }
        .into_any(),
        Some(Ok(report)) => {
            let report = Arc::new(report);
            let price = (!report.prices.is_empty()).then(|| view! { <Prices report=report.clone() /> });
            let near = (!report.nearest.is_empty())
                .then(|| view! { <Nearest table=table.clone() report=report.clone() /> });
            view! {
                <Pair report=report.clone() />
                <div class="why-not" class:stale=stale>
                    <div aria-live="polite">
                        <p>
                            <Sentence text=verdict(&report) />
                        </p>
                        {proof(&report).map(|text| view! { <p><Sentence text /></p> })}
                    </div>
                    {price}
                    {near}
                </div>
            }
            .into_any()
        }
    }
}

/// The two targets to ask about.
#[component]
fn Pair(report: Arc<WhyNotReport>) -> impl IntoView {
    let studies = page().studies;
    let select = {
        let report = report.clone();
        move |at: usize| {
            let names = report.pair.clone().map(|target| target.name);
            let options = report
                .targets
                .iter()
                .map(|name| {
                    let chosen = *name == names[at];
                    view! {
                        <option value=name.clone() selected=chosen>
                            {isolated(name)}
                        </option>
                    }
                })
                .collect_view();
            let choose = move |event| {
                let chosen = event_target_value(&event);
                let mut to = names.clone();
                if chosen == to[1 - at] {
                    to.swap(0, 1);
                } else {
                    to[at] = chosen;
                }
                studies.ask_why_not(Some(to));
            };
            let label = if at == 0 { "One target" } else { "The other target" };
            view! {
                <select aria-label=label on:change=choose>
                    {options}
                </select>
            }
        }
    };
    view! {
        <div class="plane-choice">
            {select(0)} <span>"and"</span> {select(1)}
        </div>
    }
}

/// What both cost on the way: a chart, and the same as a table.
#[component]
fn Prices(report: Arc<WhyNotReport>) -> impl IntoView {
    let page = page();
    let around = NodeRef::<leptos::html::Div>::new();
    repaint_on_resize(page, around);
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    let chart = PriceChart {
        points: report.prices.iter().map(|price| (price.share, price.kl)).collect(),
        edge: report.edge,
    };
    let draw: Draw = Arc::new(move |area, unit, token| {
        let paint = Paint::from_tokens(|name| token(if name == "--c" { "--focus" } else { name }));
        draw_price(area, &chart, &paint, unit).is_ok()
    });
    keep_drawn(page, canvas, draw.clone());
    let [a, b] = report.pair.clone().map(|target| target.name);
    let title = format!("price of {a} and {b} together");
    let said = prices(&report);
    let rows = report
        .prices
        .iter()
        .map(|price| {
            view! {
                <tr>
                    <th scope="row">{format!("{:.1}%", 100.0 * price.share)}</th>
                    <td>{level(price.levels[0])}</td>
                    <td>{level(price.levels[1])}</td>
                    <td>{number(price.kl)}</td>
                    <td>{drafts(price.drafts)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <h3>"What both cost on the way"</h3>
        <p>
            <Sentence text=prices(&report) />
        </p>
        <div class="price-chart" node_ref=around>
            <canvas node_ref=canvas aria-hidden="true"></canvas>
            <SavePicture canvas name=Signal::stored(title) words=Signal::stored(said) draw />
        </div>
        <p class="note">
            "Nats by the share of the way from the base to what is asked (dashed); the upright line is the edge."
        </p>
        <details>
            <summary>"The same as a table"</summary>
            <div class="scrolls" tabindex="0" role="region" aria-label="Prices on the way">
                <table>
                    <caption>"What both targets together cost, part of the way"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"way"</th>
                            <th scope="col">
                                <Name name=a />
                            </th>
                            <th scope="col">
                                <Name name=b />
                            </th>
                            <th scope="col">"nats"</th>
                            <th scope="col">"drafts"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

#[component]
fn Nearest(table: Arc<Table>, report: Arc<WhyNotReport>) -> impl IntoView {
    let met = format!(
        "{} of {} answers meet both targets by themselves; what counts is the mean over all.",
        report.answers_meeting_both, report.answers
    );
    let outcome = page().outcome.get_untracked();
    let items = report
        .nearest
        .iter()
        .map(|near| {
            let answer = table.set.answers.get(near.answer);
            let text = answer.map(|answer| answer.text.clone()).unwrap_or_default();
            let prompt = table.set.prompts.get(near.prompt).cloned().unwrap_or_default();
            let said = if text.trim().is_empty() {
                view! { <p>{format!("Row {}", near.answer + 1)}</p> }.into_any()
            } else {
                view! {
                    <p class="quiet">
                        <Name name=prompt />
                    </p>
                    <p class="said">
                        <Name name=text />
                    </p>
                }
                .into_any()
            };
            view! {
                <li>
                    {said} <p class="note">
                        <Sentence text=rewards(&report, outcome.as_deref(), near) />
                    </p>
                </li>
            }
        })
        .collect_view();
    view! {
        <h3 id="nearest-answers">"The answers that come nearest"</h3>
        <p>{met}</p>
        <ol class="nearest" aria-labelledby="nearest-answers">
            {items}
        </ol>
    }
}

/// `humor +1.20 (asked +1.52), harmless +0.10 (asked +0.30)`. What is asked of a value beside the two stands in
/// the answer to the whole palette, `outcome`.
fn rewards(report: &WhyNotReport, outcome: Option<&Outcome>, near: &NearAnswer) -> String {
    let said = |(name, reward): (&str, f64)| {
        let of_pair = report.pair.iter().find(|target| target.value == name);
        let of_pair = of_pair.map(|target| (target.lower, target.upper));
        let beside = || {
            let value = outcome?.report.values.iter().find(|value| value.name == name)?;
            value.target.map(|_| (value.lower, value.upper))
        };
        let asked = of_pair.or_else(beside).map(|bounds| format!(" (asked {})", bounds_in_words(bounds)));
        format!("{} {}{}", isolated(name), level(reward), asked.unwrap_or_default())
    };
    near.rewards.iter().map(said).collect::<Vec<_>>().join(", ")
}
