//! A price that the palette is fitted to.

use super::repaired::repaired;
use crate::app::format::number;
use crate::app::state::page;
use crate::app::table::Table;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn BudgetForm(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let typed = RwSignal::new(String::new());
    let says = RwSignal::new(String::new());
    let fit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(nats) = typed.with_untracked(|typed| typed.trim().parse::<f64>().ok()).filter(|nats| nats.is_finite() && *nats >= 0.0)
        else {
            says.set("Type a number of nats, 0 or more.".to_owned());
            return;
        };
        says.set("Fitting…".to_owned());
        let table = table.clone();
        let asked = page.studies.within_budget(page, nats, move |outcome, found| match found {
            Ok(Some(repair)) => {
                page.change(repaired(&table, &outcome, &repair.moves), None);
                says.set(format!("Fitted: the nearest palette for at most {} nats.", number(nats)));
            }
            Ok(None) => says.set("The palette already costs no more than that.".to_owned()),
            Err(message) => says.set(message),
        });
        if !asked {
            says.set("The palette is still being solved. Try again in a moment.".to_owned());
        }
    };
    view! {
        <form class="budget" aria-label="Budget" on:submit=fit novalidate=true>
            <label>
                "Spend at most "
                <input
                    type="number"
                    min="0"
                    step="any"
                    prop:value=move || typed.get()
                    on:input=move |event| {
                        typed.set(event_target_value(&event));
                        says.set(String::new());
                    }
                />
                " nats"
            </label>
            <button type="submit">"Fit to budget"</button>
            <p class="note" role="status">{move || says.get()}</p>
        </form>
    }
}
