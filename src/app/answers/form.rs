//! What to draw: prompts, numbers, and the buttons that start and end it.

use super::jobs;
use super::prompts::UsePrompts;
use super::state::Job;
use crate::app::format::{count, field};
use crate::app::state::page;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Largest whole number that a JavaScript number holds exactly.
const LARGEST_SEED: f64 = 9_007_199_254_740_991.0;

#[component]
pub fn Form() -> impl IntoView {
    let page = page();
    let state = page.answers;
    let busy = move || state.job.with(Option::is_some);
    let prompts = move || state.prompts.with(|text| text.lines().filter(|line| !line.trim().is_empty()).count());
    let why_not = Memo::new(move |_| jobs::why_not_align(page));
    view! {
        <label class="prompts">
            <span>"Prompts"</span>
            <textarea
                rows="5"
                placeholder="One prompt a line"
                prop:value=move || state.prompts.get()
                on:input=move |event| state.prompts.set(event_target_value(&event))
            ></textarea>
        </label>
        <div class="row">
            <UsePrompts kind="everyday" url="./prompts/everyday.json" count=4/>
            <UsePrompts kind="fresh" url="./prompts/fresh.json" count=3/>
        </div>
        <div class="numbers">
            <Number label="Answers per prompt" low=1.0 high=64.0 step="1" value=move || state.answers.get() as f64 set=move |x| state.answers.set(x as usize)/>
            <Number label="Tokens per answer" low=1.0 high=256.0 step="1" value=move || state.max_tokens.get() as f64 set=move |x| state.max_tokens.set(x as usize)/>
            <Number label="Temperature" low=0.0 high=2.0 step="0.1" value=move || state.temperature.get() set=move |x| state.temperature.set(x)/>
            <Number label="Seed" low=0.0 high=LARGEST_SEED step="1" value=move || state.seed.get() as f64 set=move |x| state.seed.set(x as u64)/>
        </div>
        <details>
            <summary>"Which tokens may be drawn"</summary>
            <div class="numbers">
                <Number label="Top k (0: all)" low=0.0 high=50_000.0 step="1" value=move || state.top_k.get() as f64 set=move |x| state.top_k.set(x as usize)/>
                <Number label="Top p (1: all)" low=0.01 high=1.0 step="0.01" value=move || state.top_p.get() set=move |x| state.top_p.set(x)/>
            </div>
        </details>
        <div class="row go">
            <button type="button" class="primary" disabled=busy on:click=move |_| jobs::start(page, Job::Generate)>"Generate"</button>
            <button
                type="button"
                class="primary"
                disabled=move || busy() || why_not.with(Option::is_some)
                aria-describedby="why-not-align"
                on:click=move |_| jobs::start(page, Job::Align)
            >
                "Align"
            </button>
            <button type="button" disabled=move || !busy() on:click=move |_| jobs::cancel(page)>
                "Cancel"
            </button>
            <span class="quiet">{move || format!("{} × {}", count(prompts(), "prompt"), count(state.answers.get(), "answer"))}</span>
        </div>
        <div id="why-not-align">
            {move || why_not.get().map(|reason| view! { <p class="hint">{reason}</p> })}
            {move || jobs::warnings(page).into_iter().map(|warning| view! { <p class="warning">{warning}</p> }).collect_view()}
        </div>
    }
}

/// A number with its limits. What is typed is taken when it is a number, held to the limits; anything else leaves the number as it was.
#[component]
fn Number(
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
        if let Some(number) = event_target_value(&event).trim().parse::<f64>().ok().filter(|number| number.is_finite()) {
            let number = number.clamp(low, high);
            set(if whole { number.round() } else { number });
        }
        // Where the number did not change, no signal rewrites the field.
        if let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) {
            input.set_value(&untrack(shown));
        }
    };
    view! {
        <label>
            <span>{label}</span>
            <input type="number" min=low.to_string() max=high.to_string() step=step prop:value=shown on:change=typed/>
        </label>
    }
}
