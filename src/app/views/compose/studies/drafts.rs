//! The palette when one of k drafts is chosen.

use super::disclosure::Disclosure;
use crate::app::format::{count, number};
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::views::names::Name;
use crate::app::views::number_field::{NumberField, Wrong, WrongNumber};
use leptos::prelude::*;
use palette_study::{Drafted, Pooling, Verdict};
use std::sync::Arc;

/// More drafts than anyone draws.
const MOST: usize = 100_000;

#[component]
pub fn Drafts(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let studies = page.studies;
    // Where answers compete only with answers to the same question, there are no more to choose from than a
    // question has.
    let most = table.groups.iter().map(Vec::len).max().unwrap_or(0);
    if untrack(|| page.pooling_in_use(&table)) == Pooling::PerPrompt
        && studies.k.get_untracked() > most
        && most >= 2
    {
        studies.choose_among(most);
    }
    let wrong = Wrong::new();
    let typed = move |(k,): (f64,)| {
        if k < 2.0 || k > MOST as f64 || k.fract() != 0.0 {
            return Err(format!("k must be a whole number from 2 to {MOST}."));
        }
        studies.choose_among(k as usize);
        Ok(())
    };
    let lambda_open = RwSignal::new(false);
    // The finding on the palette before stays in sight, dimmed, until this one is solved.
    let found = Memo::new(move |before: Option<&Option<Result<Drafted, String>>>| {
        studies.drafts.get().or_else(|| before.cloned().flatten())
    });
    let stale = move || studies.drafts.with(Option::is_none);
    let words = move || {
        found.with(|found| match found {
            None => view! { <p class="note">"Solving…"</p> }.into_any(),
            Some(Err(message)) => view! { <p class="note">{message.clone()}</p> }.into_any(),
            Some(Ok(drafted)) => {
                let left_out = (drafted.left_out > 0).then(|| {
                    let (groups, left) = (count(drafted.groups, "group"), count(drafted.left_out, "answer"));
                    let words = format!("Solved on {groups} of {}; {left} left over.", drafted.k);
                    view! { <p class="note">{words}</p> }
                });
                view! {
                    <p>{sentence(drafted)}</p>
                    {left_out}
                }
                .into_any()
            }
        })
    };
    let weights = move || {
        let drafted = found.get()?.ok().filter(|drafted| drafted.verdict == Verdict::Reachable)?;
        Some(view! { <Weights table=table.clone() drafted open=lambda_open /> })
    };
    view! {
        <label>
            "Choosing one of k drafts: k = "
            <NumberField
                shown=Signal::derive(move || studies.k.get().to_string())
                step=Signal::stored(1.0)
                take=Callback::new(typed)
                wrong
                narrow=true
            />
        </label>
        <WrongNumber wrong />
        <div class:stale=stale>
            <div aria-live="polite">{words}</div>
            {weights}
        </div>
    }
}

/// `With 16 drafts: reachable; costs 0.59 nats of at most ln 16 = 2.77.`
fn sentence(drafted: &Drafted) -> String {
    let (k, most) = (drafted.k, number((drafted.k as f64).ln()));
    match drafted.verdict {
        Verdict::Reachable => format!(
            "With {k} drafts: reachable; costs {} nats of at most ln {k} = {most}.",
            drafted.kl.map_or("–".to_owned(), number)
        ),
        Verdict::Edge => {
            format!(
                "With {k} drafts: on the edge, only approached as λ grows. Choosing among {k} can spend at \
                    most ln {k} = {most} nats."
            )
        }
        Verdict::Unreachable => {
            let short =
                drafted.slack.map_or(String::new(), |slack| format!(", {} sd short", number(slack.abs())));
            format!(
                "With {k} drafts: out of reach{short}. Choosing among {k} can spend at most ln {k} = {most} \
                    nats."
            )
        }
    }
}

/// λ solved on all answers beside λ solved for k drafts.
#[component]
fn Weights(table: Arc<Table>, drafted: Drafted, open: RwSignal<bool>) -> impl IntoView {
    let page = page();
    let name = format!("λ for {} drafts", drafted.k);
    let rows = move || {
        let outcome = page.outcome.get().filter(|outcome| outcome.set_id == table.id)?;
        let shown = |lambda: Option<f64>| lambda.map_or("–".to_owned(), number);
        let rows = table
            .set
            .values
            .iter()
            .zip(&outcome.report.values)
            .zip(&drafted.values)
            .map(|((value, all), drafted)| {
                view! {
                    <tr>
                        <th scope="row">
                            <Name name=value.name.clone() />
                        </th>
                        <td>{shown(all.lambda)}</td>
                        <td>{shown(drafted.lambda)}</td>
                    </tr>
                }
            })
            .collect_view();
        Some(view! {
            <table>
                <caption>"λ, nats per unit"</caption>
                <thead>
                    <tr>
                        <th scope="col">"value"</th>
                        <th scope="col">"all answers"</th>
                        <th scope="col">{format!("{} drafts", drafted.k)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        })
    };
    view! {
        <Disclosure name id="lambda" open>
            {rows.clone()}
        </Disclosure>
    }
}
