//! The table of methods.

use super::super::levels::{asked_in_words, verdict};
use super::best::{best_of, least, measured_of, most_met};
use crate::app::format::{level, number, percent};
use crate::app::state::answers::AlignedShown;
use crate::app::views::names::{Name, Sentence};
use leptos::prelude::*;
use palette_study::align::AskedTarget;
use palette_study::compare::{Comparison, Method};
use palette_study::interval::Estimate;
use std::sync::Arc;

#[component]
pub(super) fn Methods(shown: Arc<AlignedShown>, comparison: Arc<Comparison>) -> impl IntoView {
    let columns: Vec<Column> = comparison
        .asked
        .iter()
        .filter(|asked| !asked.is_off())
        .map(|asked| column(&comparison, asked))
        .collect();
    let heads = columns
        .iter()
        .map(|Column { asked, .. }| {
            view! {
                <th scope="col" data-accent=accent(&shown, asked.value())>
                    <i class="dot" aria-hidden="true"></i>
                    <Name name=asked.name.clone() />
                    {asked.relative.then(|| view! { <small class="interval">"lift"</small> })}
                </th>
            }
        })
        .collect_view();
    let targets = columns
        .iter()
        .map(|Column { asked, .. }| {
            view! { <td data-label=asked.name.clone()>{asked_in_words(asked)}</td> }
        })
        .collect_view();
    let (most, cheapest) = most_met(&comparison);
    let width = 2 + columns.len();
    let rows = comparison
        .methods
        .iter()
        .enumerate()
        .map(|(i, method)| {
            let figures = match (&method.measured, method.targets) {
                (Some(measured), Some(tally)) => {
                    let kl = best(cheapest.contains(&i), number(rounded(measured.kl.mean)), "least of those");
                    let met = format!("{} / {} of {}", tally.met, tally.decided, tally.asked);
                    view! {
                        <td data-label="KL, nats">{kl}</td>
                        <td data-label="met / decided">{best(most.contains(&i), met, "most met")}</td>
                        {columns.iter().map(|column| cell(column, i, method)).collect_view()}
                    }
                    .into_any()
                }
                _ => {
                    let reason = method.reason.clone().unwrap_or_else(|| "It could not be had.".to_owned());
                    view! {
                        <td class="words" colspan=width.to_string()>
                            <Sentence text=format!("Not here: {reason}") />
                        </td>
                    }
                    .into_any()
                }
            };
            view! {
                <tr>
                    <th scope="row">
                        <About method=method.clone() />
                    </th>
                    {figures}
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="Table of methods, scrolls sideways">
            <table class="measured methods">
                <caption>
                    "Expected levels, or lifts above base, ± half of their 95% intervals over prompts"
                </caption>
                <thead>
                    <tr>
                        <th scope="col">"method"</th>
                        <th scope="col" title="Spent by choosing, a prompt">"KL, nats"</th>
                        <th scope="col">"met / decided"</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>
                    <tr class="as-asked">
                        <th scope="row">"asked"</th>
                        <td class="blank"></td>
                        <td class="blank"></td>
                        {targets}
                    </tr>
                    {rows}
                </tbody>
            </table>
        </div>
        <details class="how">
            <summary>"How to read this"</summary>
            <p class="hint">
                "A target is met (✓) or missed (✗) when the whole interval lies on one side of it; else it \
                is open (?). The row of a method opens to say how its weights come about. The word beside a \
                figure says what is best about it: the most targets met, the least KL among the methods that \
                meet the most, the most or least of a value that has a lowest or highest level, the nearest \
                to an exact one. Far above its target is no better: it costs KL, and other values."
            </p>
        </details>
    }
}

/// What was asked of a value, and the methods that are best at it.
struct Column {
    asked: AskedTarget,
    word: &'static str,
    best: Vec<usize>,
}

fn column(comparison: &Comparison, asked: &AskedTarget) -> Column {
    let (word, off) = best_of(asked);
    let best = least(comparison, |method| measured_of(method, asked).map(|(_, found)| off(found.mean)));
    Column { asked: asked.clone(), word, best }
}

fn cell(column: &Column, i: usize, method: &Method) -> impl IntoView + use<> {
    let label = column.asked.name.clone();
    let Some((value, estimate)) = measured_of(method, &column.asked) else {
        return view! { <td data-label=label>"–"</td> }.into_any();
    };
    let (sign, class, words) = verdict(value);
    view! {
        <td data-label=label>
            {best(column.best.contains(&i), level(rounded(estimate.mean)), column.word)}
            <small class="interval">
                {half_width(estimate)} " "
                <span class=format!("sign {class}") title=words.clone() aria-hidden="true">
                    {sign}
                </span> <span class="visually-hidden">{words}</span>
            </small>
        </td>
    }
    .into_any()
}

/// Without what rounding leaves where there is nothing: the lift of the base above itself.
fn rounded(x: f64) -> f64 {
    if x.abs() < 1e-9 { 0.0 } else { x }
}

fn half_width(estimate: Estimate) -> Option<String> {
    estimate.interval.map(|[low, high]| format!("± {}", number(rounded(0.5 * (high - low)))))
}

/// A figure, with a word where it is the best of its column.
fn best(is_best: bool, figure: String, word: &'static str) -> impl IntoView {
    if is_best {
        view! {
            <b>{figure}</b>
            <small class="best">{word}</small>
        }
        .into_any()
    } else {
        figure.into_any()
    }
}

/// A method's name, which opens to say how its weights come about.
#[component]
fn About(method: Method) -> impl IntoView {
    let random = method.random.as_ref().map(|random| {
        format!(
            "navigation efficiency {} · all targets met {}",
            percent(random.navigation_efficiency),
            percent(random.all_met)
        )
    });
    view! {
        <details class="about">
            <summary>
                <Name name=method.name />
            </summary>
            <p class="hint">
                <Sentence text=method.about />
            </p>
        </details>
        {random.map(|random| view! { <small class="interval">{random}</small> })}
    }
}

/// The number of the accent of a value of the drafts.
pub(super) fn accent(shown: &AlignedShown, name: &str) -> Option<usize> {
    shown.table.set.value_index(name).map(|i| shown.table.accents[i].number)
}
