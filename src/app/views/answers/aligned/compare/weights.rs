//! One's own weights beside the methods.

use crate::app::actions::answers::compare;
use crate::app::format::{field, list};
use crate::app::state::answers::AlignedShown;
use crate::app::state::page;
use crate::app::views::names::Name;
use crate::app::views::number_field::{NumberField, Wrong, WrongNumber};
use leptos::prelude::*;
use std::sync::Arc;

/// A field for each value that is to be raised.
#[component]
pub(super) fn OwnWeights(
    shown: Arc<AlignedShown>,
    raised: Vec<String>,
    #[prop(into)] ready: Signal<bool>,
) -> impl IntoView {
    let page = page();
    let state = page.answers.compare;
    let fields = raised
        .iter()
        .map(|name| {
            let wrong = Wrong::new();
            let (of_shown, of_typed) = (name.clone(), name.clone());
            let typed = move |(weight,): (f64,)| {
                if !weight.is_finite() {
                    return Err("It must be a finite number.".to_owned());
                }
                state.weigh(&of_typed, weight);
                Ok(())
            };
            view! {
                <label class="weight">
                    <span>
                        <Name name=name.clone() />
                    </span>
                    <NumberField
                        label=Signal::stored(format!("Weight of {name}"))
                        shown=Signal::derive(move || field(state.weight(&of_shown), 6))
                        step=Signal::stored(0.5)
                        take=Callback::new(typed)
                        wrong
                    />
                    <WrongNumber wrong />
                </label>
            }
        })
        .collect_view();
    let ask = move |_| {
        let weights = raised.iter().map(|name| (name.clone(), untrack(|| state.weight(name)))).collect();
        compare::compare(page, &shown, weights, untrack(|| state.betas()));
    };
    let wrong = Wrong::new();
    let typed = move |(beta,): (f64,)| {
        if !(beta.is_finite() && beta > 0.0) {
            return Err("It must be a number above 0.".to_owned());
        }
        state.beta.set(beta);
        Ok(())
    };
    let shown_betas = move || {
        let betas: Vec<String> = state.betas().iter().map(|beta| field(*beta, 6)).collect();
        list(&betas, 4)
    };
    view! {
        <fieldset class="weights">
            <legend>"Your own weights"</legend>
            <p class="hint">
                "Per standard deviation of each value, as in multi-objective reinforcement learning (MORL), \
                and sized to spend what MAP per prompt does: only their proportions count."
            </p>
            <div class="row">{fields}</div>
            <p class="hint">
                "MORL itself matches no KL: with a penalty β it has λ = weights/β in the rewards' own units, \
                and spends what that spends. It is shown at half of this β, at β, twice and four times it: "
                {shown_betas} "."
            </p>
            <div class="row">
                <label class="weight">
                    <span>"β"</span>
                    <NumberField
                        label=Signal::stored("β, the KL penalty".to_owned())
                        shown=Signal::derive(move || field(state.beta.get(), 6))
                        step=Signal::stored(0.5)
                        take=Callback::new(typed)
                        wrong
                    />
                    <WrongNumber wrong />
                </label>
            </div>
            <button type="button" disabled=move || !ready.get() on:click=ask>
                "Compare with these weights"
            </button>
        </fieldset>
    }
}
