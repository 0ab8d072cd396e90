//! A price that the palette is fitted to.

use crate::app::actions::studies;
use crate::app::format::number;
use crate::app::state::page;
use crate::app::state::repaired::repaired;
use crate::app::state::table::Table;
use crate::app::views::number_field::{Limits, NumberField, Wrong, WrongNumber};
use leptos::prelude::*;
use palette_tables::Palette;
use std::sync::Arc;

#[component]
pub fn BudgetForm(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let typed = RwSignal::new(None::<f64>);
    let wrong = Wrong::new();
    // The sentence holds for one palette only.
    let said = RwSignal::new((Palette::default(), String::new()));
    let say = move |words: String| said.set((page.palette.get_untracked(), words));
    let words = move || {
        said.with(
            |(of, words)| if page.palette.with(|now| now == of) { words.clone() } else { String::new() },
        )
    };
    let fit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(|| wrong.is_there()) {
            return;
        }
        let Some(nats) = typed.get_untracked() else {
            say("Type a number of nats, 0 or more.".to_owned());
            return;
        };
        say("Fitting…".to_owned());
        let table = table.clone();
        let asked = studies::within_budget(page, nats, move |outcome, found| match found {
            Ok(Some(repair)) => {
                page.change(repaired(&table, &outcome, &repair.moves), None);
                say(format!("Fitted: the nearest palette for at most {} nats.", number(nats)));
            }
            Ok(None) => say("The palette already costs no more than that.".to_owned()),
            Err(message) => say(message),
        });
        if !asked {
            say("The palette is still being solved. Try again in a moment.".to_owned());
        }
    };
    view! {
        <form class="budget" aria-label="Budget" on:submit=fit novalidate=true>
            <label>
                "Spend at most "
                <NumberField
                    shown=Signal::derive(move || typed.get().map(|nats| nats.to_string()).unwrap_or_default())
                    step=Signal::stored(0.1)
                    limits=Limits { low: Some(0.0), ..Limits::default() }
                    take=Callback::new(move |(nats,)| {
                        typed.set(Some(nats));
                        say(String::new());
                        Ok(())
                    })
                    empty=Callback::new(move |()| typed.set(None))
                    wrong
                /> " nats"
            </label>
            <button type="submit">"Fit to budget"</button>
            <WrongNumber wrong />
            <p class="note" role="status">
                {words}
            </p>
        </form>
    }
}
