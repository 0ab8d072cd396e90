//! Aligning to one value after another: how near two ways of doing so come to aligning to all at once.

use crate::app::format::{count, number};
use crate::app::state::page;
use leptos::prelude::*;
use palette_study::{Sequences, Verdict};

/// Distances and shortfalls up to this count as none, in the table's units.
const NONE: f64 = 1e-3;

#[component]
pub fn Sequence() -> impl IntoView {
    let page = page();
    let studies = page.studies;
    // The finding on the palette before stays in sight, dimmed, until this one is done.
    let found = Memo::new(move |before: Option<&Option<Result<Sequences, String>>>| {
        studies.sequences.get().or_else(|| before.cloned().flatten())
    });
    let stale = move || studies.sequences.with(Option::is_none);
    let reachable = Memo::new(move |_| {
        page.outcome.with(|outcome| {
            outcome.as_ref().is_some_and(|outcome| outcome.report.verdict == Verdict::Reachable)
        })
    });
    move || {
        if !reachable.get() {
            let why = "Only a palette within reach has a joint solution to compare with.";
            return view! { <p class="note">{why}</p> }.into_any();
        }
        match found.get() {
            None => view! { <p class="note">"Aligning…"</p> }.into_any(),
            Some(Err(message)) => view! { <p class="note">{message}</p> }.into_any(),
            Some(Ok(sequences)) if sequences.joint.is_none() => view! {
                <p class="note">
                    "The palette has no joint solution to compare with: bring it within reach first."
                </p>
            }
            .into_any(),
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
                                <td>{figure(total.distance)}</td>
                                <td>{figure(fresh.distance)}</td>
                                <td>{figure(fresh.shortfall)}</td>
                            </tr>
                        }
                    })
                    .collect_view();
                view! {
                    <div class:stale=stale>
                        <p>{sentence(&sequences)}</p>
                        <table>
                            <caption>
                                "Distance to the joint λ (per standard deviation) after each round"
                            </caption>
                            <thead>
                                <tr>
                                    <th scope="col">"round"</th>
                                    <th scope="col">"total weights"</th>
                                    <th scope="col">"fresh multipliers"</th>
                                    <th scope="col">"fresh short by, sd"</th>
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

/// A distance; what is left by rounding is none.
fn figure(x: f64) -> String {
    number(if x < 1e-6 { 0.0 } else { x })
}

/// The rounds in a sentence.
fn sentence(sequences: &Sequences) -> String {
    let (Some(total), Some(fresh)) = (sequences.total.last(), sequences.fresh.last()) else {
        return String::new();
    };
    let there = sequences.total.iter().position(|round| round.distance <= NONE);
    let first = match there {
        Some(round) => {
            format!(
                "Correcting the total weights, one value after another reaches the joint solution after {}.",
                count(round + 1, "round")
            )
        }
        None => format!(
            "Correcting the total weights, one value after another is {} away from the joint solution after \
                {}.",
            figure(total.distance),
            count(sequences.total.len(), "round")
        ),
    };
    let apart = sequences
        .total
        .iter()
        .zip(&sequences.fresh)
        .any(|(total, fresh)| (total.distance - fresh.distance).abs() > NONE);
    let second = if !apart {
        "Fresh multipliers, as the paper words it, go the same way here: nothing that was given has to be \
            taken back."
            .to_owned()
    } else if fresh.distance <= NONE {
        "Fresh multipliers, as the paper words it, get there too.".to_owned()
    } else {
        let dearer = fresh.kl - total.kl;
        let cost =
            if dearer > NONE { format!(" and cost {} nats more", number(dearer)) } else { String::new() };
        format!(
            "Fresh multipliers, as the paper words it, never take anything back: they stay {} away{cost}.",
            number(fresh.distance)
        )
    };
    format!("{first} {second}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use palette_study::{ByName, SequenceRound};

    fn rounds(distances: &[f64], kl: f64) -> Vec<SequenceRound> {
        distances
            .iter()
            .zip(1..)
            .map(|(distance, round)| SequenceRound {
                round,
                lambda: ByName::default(),
                distance: *distance,
                gap: 0.0,
                kl,
                shortfall: 0.0,
            })
            .collect()
    }

    #[test]
    fn what_the_rounds_show_is_said() {
        let said = |total: &[f64], fresh: &[f64]| {
            sentence(&Sequences {
                verdict: Verdict::Reachable,
                joint: None,
                total: rounds(total, 1.0),
                fresh: rounds(fresh, 1.2),
                notes: Vec::new(),
            })
        };
        let stalls = said(&[1.05, 3e-13], &[1.05, 1.05]);
        assert!(
            stalls.contains("after 2 rounds") && stalls.contains("stay 1.05 away and cost 0.20 nats more"),
            "{stalls}"
        );
        let same = said(&[1.0, 0.5], &[1.0, 0.5]);
        assert!(same.contains("0.50 away") && same.contains("the same way"), "{same}");
    }
}
