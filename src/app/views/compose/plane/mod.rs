//! The plane of two values: what they can be at once with the other targets held, and both targets in it.

mod anchor;
mod field;
mod picture;
mod plane_state;
mod words;

use super::studies::Disclosure;
use crate::app::format::isolated;
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::views::names::Sentence;
use field::Field;
use leptos::prelude::*;
use plane_state::PlaneState;
use std::sync::Arc;

#[component]
pub fn PlaneCard(table: Arc<Table>) -> impl IntoView {
    let page = page();
    view! {
        <section class="card closer plane-card" aria-label="Two values at once">
            <Disclosure name="Two values at once" id="plane" open=page.studies.plane_open>
                <Plane table=table.clone() />
            </Disclosure>
        </section>
    }
}

#[component]
fn Plane(table: Arc<Table>) -> impl IntoView {
    let state = PlaneState::new(page(), table);
    move || {
        if let Some(message) = state.failure.get() {
            return view! {
                <p class="note">
                    <Sentence text=message />
                </p>
            }
            .into_any();
        }
        let Some(pair) = state.pair.get() else {
            return view! { <p class="note">"Working out what can be had…"</p> }.into_any();
        };
        view! {
            <Choice state pair />
            <Field state pair />
            <p aria-live="polite">
                {move || state.words().map(|text| view! { <Sentence text /> })}
            </p>
            <p class="note">
                {move || state.hatching().map(|text| view! { <Sentence text /> })}
                {move || state.prices_in_words().map(|text| view! { <Sentence text=format!(" {text}") /> })}
            </p>
        }
        .into_any()
    }
}

/// The values across and up.
#[component]
fn Choice(state: PlaneState, pair: [usize; 2]) -> impl IntoView {
    let select = move |axis: usize| {
        let label = if axis == 0 { "Value across" } else { "Value up" };
        let options = state
            .varying()
            .into_iter()
            .map(|(i, name)| {
                view! {
                    <option value=i.to_string() selected=i == pair[axis]>
                        {isolated(&name)}
                    </option>
                }
            })
            .collect_view();
        let choose = move |event| {
            let Ok(chosen) = event_target_value(&event).parse::<usize>() else { return };
            let mut to = pair;
            if chosen == pair[1 - axis] {
                to.swap(0, 1);
            } else {
                to[axis] = chosen;
            }
            state.show(to);
        };
        let accent = state.accent(pair[axis]);
        view! {
            <label data-accent=accent>
                <i class="dash" aria-hidden="true"></i>
                <select aria-label=label on:change=choose>
                    {options}
                </select>
            </label>
        }
    };
    view! {
        <div class="plane-choice">
            {select(0)} <span>"and"</span> {select(1)} <span>"with the other targets held"</span>
        </div>
    }
}
