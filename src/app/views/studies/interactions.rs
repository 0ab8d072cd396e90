//! Where weighing single values fails.

use super::card::StudyCard;
use super::set_in_words;
use super::table::{StudyTable, words};
use crate::app::format::{count, field, number, percent};
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::state::table_studies::AskedStudy;
use crate::app::views::names::Name;
use crate::app::views::number_field::{NumberField, Wrong, WrongNumber};
use leptos::prelude::*;
use palette_protocol::visible;
use palette_study::studies::{StudyQuestion, StudyReport};
use palette_study::{Interaction, InteractionRow, MOST_INTERACTING};
use std::sync::Arc;

/// Of a table with many values so many are chosen at first: few are read.
const AT_FIRST: usize = 6;

#[component]
pub fn InteractionsCard(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let state = page.table_studies;
    let varying: Vec<String> = table
        .set
        .values
        .iter()
        .zip(&table.columns)
        .filter(|(_, column)| column.standard_deviation > 0.0)
        .map(|(value, _)| value.name.clone())
        .collect();
    let all = StoredValue::new(varying.clone());
    let chosen = Memo::new(move |_| {
        all.with_value(|all| match state.interacting.get() {
            Some(chosen) => all.iter().filter(|name| chosen.contains(name)).cloned().collect(),
            None => all.iter().take(AT_FIRST).cloned().collect::<Vec<_>>(),
        })
    });
    let asks = Signal::derive(move || {
        let (pooling, values, kl) = (page.pooling_in_use(&table), chosen.get(), state.interactions_kl.get());
        if values.len() < 2 {
            return Err("Choose two values or more: interactions are of two.".to_owned());
        }
        if values.len() > MOST_INTERACTING {
            return Err(format!("Choose up to {MOST_INTERACTING} values: more have too many interactions."));
        }
        let about = format!(
            "On {}, {} at {} nats.",
            set_in_words(&table, pooling),
            count(values.len(), "value"),
            field(kl, 6)
        );
        Ok(AskedStudy {
            question: StudyQuestion::Interactions { pooling, values, kl },
            about,
            table: Some(table.id),
        })
    });
    let boxes = varying
        .into_iter()
        .map(|name| {
            let (of_shown, of_change) = (name.clone(), name.clone());
            let change = move |_| {
                let mut now = chosen.get_untracked();
                if now.contains(&of_change) {
                    now.retain(|other| *other != of_change);
                } else {
                    now.push(of_change.clone());
                }
                state.interacting.set(Some(now));
            };
            view! {
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=move || chosen.with(|chosen| chosen.contains(&of_shown))
                        on:change=change
                    />
                    <Name name />
                </label>
            }
        })
        .collect_view();
    let wrong = Wrong::new();
    let take = move |(kl,): (f64,)| {
        if !(kl > 0.0 && kl <= 20.0) {
            return Err("Nats to spend must be a number above 0, up to 20.".to_owned());
        }
        state.interactions_kl.set(kl);
        Ok(())
    };
    view! {
        <StudyCard
            name="interactions"
            question="Where does weighing single values fail?"
            tried="A product of two values, their maximum, a threshold, and “one only if the other”: what the \
            best weights of the single values make of each, beside the most that the same KL can make of it."
            unit="interaction"
            run=state.interactions
            asks
            shown
        >
            <fieldset>
                <legend>"Values to combine"</legend>
                <div class="choices">{boxes}</div>
            </fieldset>
            <label>
                "Nats to spend "
                <NumberField
                    shown=Signal::derive(move || field(state.interactions_kl.get(), 6))
                    step=Signal::stored(0.1)
                    take=Callback::new(take)
                    wrong
                />
            </label>
            <WrongNumber wrong />
        </StudyCard>
    }
}

fn shown(report: &StudyReport) -> AnyView {
    let StudyReport::Interactions(report) = report else { return ().into_any() };
    let mut sorted = report.interactions.clone();
    sorted.sort_by(|a, b| a.share.total_cmp(&b.share));
    let rows = sorted.iter().map(row).collect_view();
    view! {
        <p class="hint">
            "How to see it in data of your own: regress what you care for on the values, prompt by prompt. The \
            multiple correlation is the share that weighing them reaches at a small price; where it is far \
            below 1, reward the interaction itself as a value of its own."
        </p>
        <div class="tables">
            <StudyTable
                label="Interactions"
                caption="Lifts in standard deviations of the interaction; where weighing fails most comes first"
                heads=words(["interaction", "share", "by values", "optimum", "correlation"])
                long=true
            >
                <tbody>{rows}</tbody>
            </StudyTable>
        </div>
    }
    .into_any()
}

fn row(row: &InteractionRow) -> impl IntoView + use<> {
    let name = |at: usize| row.of.get(at).map(|name| visible(name).into_owned()).unwrap_or_default();
    let (a, b) = (name(0), name(1));
    let words = match row.kind {
        Interaction::Product => view! { <bdi>{a}</bdi>" × "<bdi>{b}</bdi> }.into_any(),
        Interaction::Maximum => view! { "max of "<bdi>{a}</bdi>" and "<bdi>{b}</bdi> }.into_any(),
        Interaction::Threshold => view! { <bdi>{a}</bdi>" in its upper fifth" }.into_any(),
        Interaction::OnlyIf => view! { <bdi>{a}</bdi>" only if "<bdi>{b}</bdi> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">{words}</th>
            <td>{percent(row.share)}</td>
            <td>{number(row.by_values)}</td>
            <td>{number(row.optimum)}</td>
            <td>{number(row.correlation)}</td>
        </tr>
    }
}
