//! Prices: the cost of a little more of each value, and how that would move the others.

use crate::app::format::{isolated, list, number, small};
use crate::app::state::table::Table;
use crate::app::state::{Outcome, page};
use crate::app::views::names::Name;
use leptos::prelude::*;
use palette_study::Verdict;
use std::sync::Arc;

/// A target moves by so many standard deviations.
const STEP: f64 = 0.1;
/// Moves of other values below this many standard deviations are not worth telling.
const SEEN: f64 = 0.002;
/// Other values told of one target.
const TOLD: usize = 3;

#[component]
pub fn Prices(table: Arc<Table>) -> impl IntoView {
    let page = page();
    move || {
        let outcome = page.outcome.get().filter(|outcome| outcome.set_id == table.id)?;
        let rows = rows(&table, &outcome);
        if outcome.report.verdict != Verdict::Reachable {
            return Some(
                view! { <p class="note">"Prices are known once the palette is within reach."</p> }.into_any(),
            );
        }
        if rows.is_empty() {
            return Some(
                view! { <p class="note">"Nothing is asked for that costs anything."</p> }.into_any(),
            );
        }
        let rows = rows
            .into_iter()
            .map(|Row { name, step, cost, moves }| {
                view! {
                    <tr>
                        <th scope="row"><Name name />" "<small>{step}</small></th>
                        <td>{cost}</td>
                        <td>{moves}</td>
                    </tr>
                }
            })
            .collect_view();
        Some(
            view! {
                <table>
                    <caption>
                        "What one more would do: each target 0.1 sd higher, at the price there is \
                        now"
                    </caption>
                    <thead>
                        <tr>
                            <th scope="col">"target"</th>
                            <th scope="col">"costs, nats"</th>
                            <th scope="col">"also moves"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            }
            .into_any(),
        )
    }
}

struct Row {
    name: String,
    /// How much more, in the value's own unit.
    step: String,
    cost: String,
    moves: String,
}

/// One row for every value with a weight.
fn rows(table: &Table, outcome: &Outcome) -> Vec<Row> {
    let values = &outcome.report.values;
    let name = |i: usize| table.set.values[i].name.clone();
    values
        .iter()
        .enumerate()
        .filter_map(|(i, value)| {
            let lambda = value.lambda.filter(|lambda| *lambda != 0.0)?;
            let step = STEP * value.standard_deviation;
            let mut moved: Vec<(f64, String)> = value
                .level_by_target
                .iter()
                .flatten()
                .enumerate()
                .filter(|(k, _)| *k != i && values[*k].standard_deviation > 0.0)
                .map(|(k, slope)| {
                    (
                        (slope * step / values[k].standard_deviation).abs(),
                        format!("{} {}", isolated(&name(k)), small(slope * step)),
                    )
                })
                .filter(|(size, _)| *size >= SEEN)
                .collect();
            moved.sort_by(|a, b| b.0.total_cmp(&a.0));
            let moved: Vec<String> = moved.into_iter().map(|(_, words)| words).collect();
            // The slope of the price is known even where the way ends before the step does.
            let left = value
                .max_reachable
                .zip(value.target)
                .map(|(most, target)| (most - target).max(0.0))
                .filter(|left| *left < step);
            let left = left.map_or(String::new(), |left| format!("; only {} is left", small(left)));
            Some(Row {
                name: name(i),
                step: small(step),
                cost: small(lambda * step),
                moves: format!(
                    "{}{left}",
                    if moved.is_empty() { "nothing else".to_owned() } else { list(&moved, TOLD) }
                ),
            })
        })
        .collect()
}

/// A price as it stands beside λ: `0.1 sd more costs 0.05 nats`.
pub fn price_in_words(lambda: f64, standard_deviation: f64) -> String {
    let cost = lambda * STEP * standard_deviation;
    if cost >= 0.0 {
        format!("0.1 sd more costs {} nats", number(cost))
    } else {
        format!("0.1 sd less costs {} nats", number(-cost))
    }
}
