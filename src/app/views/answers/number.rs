//! A field for a number of the form, under its label.

use crate::app::format::field;
use crate::app::views::number_field::{Limits, NumberField, Wrong, WrongNumber};
use leptos::prelude::*;

/// A number with its limits; beyond them it is not taken.
#[component]
pub fn Number(
    label: &'static str,
    low: f64,
    high: f64,
    step: f64,
    value: impl Fn() -> f64 + Copy + Send + Sync + 'static,
    set: impl Fn(f64) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let whole = step == 1.0;
    let limits = Limits { low: Some(low), high: Some(high), whole };
    let shown = move || field(value(), if whole { 0 } else { 3 });
    let take = move |number| {
        set(number);
        Ok(())
    };
    let wrong = Wrong::new();
    view! {
        <div class="numbered">
            <label>
                <span>{label}</span>
                <NumberField
                    shown=Signal::derive(shown)
                    step=Signal::stored(step)
                    limits
                    take=Callback::new(move |(number,)| take(number))
                    wrong
                />
            </label>
            <WrongNumber wrong />
        </div>
    }
}
