//! A field for a number.

use crate::app::format::field;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A number with its limits. What is typed is taken when it is a number, held to the limits; anything else
/// leaves the number as it was.
#[component]
pub fn Number(
    label: &'static str,
    low: f64,
    high: f64,
    step: &'static str,
    value: impl Fn() -> f64 + Copy + Send + Sync + 'static,
    set: impl Fn(f64) + Copy + 'static,
) -> impl IntoView {
    let whole = step == "1";
    let shown = move || field(value(), if whole { 0 } else { 3 });
    let typed = move |event: leptos::ev::Event| {
        if let Some(number) =
            event_target_value(&event).trim().parse::<f64>().ok().filter(|number| number.is_finite())
        {
            let number = number.clamp(low, high);
            set(if whole { number.round() } else { number });
        }
        // Where the number did not change, no signal rewrites the field.
        if let Some(input) =
            event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
        {
            input.set_value(&untrack(shown));
        }
    };
    view! {
        <label>
            <span>{label}</span>
            <input
                type="number"
                min=low.to_string()
                max=high.to_string()
                step=step
                prop:value=shown
                on:change=typed
            />
        </label>
    }
}
