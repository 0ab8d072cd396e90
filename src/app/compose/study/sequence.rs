//! Aligning to one value after another: how near two ways of doing so come to aligning to all at once.

use crate::app::format::number;
use crate::app::state::page;
use crate::protocol::{Sequences, Verdict};
use leptos::prelude::*;

/// Distances and shortfalls up to this count as none, in the table's units.
const NONE: f64 = 1e-3;

#[component]
pub fn Sequence() -> impl IntoView {
    let page = page();
    move || {
        let reachable = page.outcome.with(|outcome| outcome.as_ref().is_some_and(|outcome| outcome.solved.verdict == Verdict::Reachable));
        if !reachable {
            return view! { <p class="note">"Only a palette within reach has a joint solution to compare with."</p> }.into_any();
        }
        match page.studies.sequences.get() {
            None => view! { <p class="note">"Aligning…"</p> }.into_any(),
            Some(Err(message)) => view! { <p class="note">{message}</p> }.into_any(),
            Some(Ok(sequences)) => {
                let rows = sequences
                    .total
                    .iter()
                    .zip(&sequences.fresh)
                    .enumerate()
                    .map(|(round, (total, fresh))| {
                        view! {
                            <tr>
                                <th scope="row">{round + 1}</th>
                                <td>{number(total.distance)}</td>
                                <td>{number(fresh.distance)}</td>
                                <td>{number(fresh.shortfall.max(0.0))}</td>
                            </tr>
                        }
                    })
                    .collect_view();
                view! {
                    <p>{sentence(&sequences)}</p>
                    <div class="table-box">
                        <table>
                            <caption>"Distance to the λ of all values at once (per standard deviation), after each round over all values"</caption>
                            <thead>
                                <tr>
                                    <th scope="col">"round"</th>
                                    <th scope="col">"total λ"</th>
                                    <th scope="col">"fresh multipliers "<small>"(as the paper words it)"</small></th>
                                    <th scope="col">"fresh: short by, sd"</th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                }
                .into_any()
            }
        }
    }
}

/// What the last rounds show.
fn sentence(sequences: &Sequences) -> String {
    let (Some(total), Some(fresh)) = (sequences.total.last(), sequences.fresh.last()) else { return String::new() };
    let rounds = sequences.total.len();
    let first = if total.distance <= NONE {
        format!("Correcting the total weights, one value after another reaches the joint solution within {rounds} rounds.")
    } else {
        format!(
            "Correcting the total weights, one value after another is {} away from the joint solution after {rounds} rounds and comes nearer.",
            number(total.distance)
        )
    };
    let second = if fresh.distance <= NONE {
        "So does adding fresh multipliers here.".to_owned()
    } else if fresh.shortfall <= NONE {
        format!(
            "Adding fresh multipliers, which never take anything back, stays {} away: it meets the targets at a higher price.",
            number(fresh.distance)
        )
    } else {
        format!("Adding fresh multipliers, which never take anything back, stays {} away.", number(fresh.distance))
    };
    format!("{first} {second}")
}
