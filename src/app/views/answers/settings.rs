//! How answers are drawn: their number and length, chance, the system prompt, the workers.

use super::number::Number;
use crate::app::state::page;
use leptos::prelude::*;

/// Largest whole number that a JavaScript number holds exactly.
const LARGEST_SEED: f64 = 9_007_199_254_740_991.0;
const USUAL_SYSTEM: &str = "You are a helpful AI assistant named SmolLM, trained by Hugging Face";

#[component]
pub fn Settings() -> impl IntoView {
    let state = page().answers;
    let placeholder = move || {
        if state.no_system.get() {
            "The model is told nothing."
        } else if state.own_model.with(Option::is_some) {
            "What the model itself starts with"
        } else {
            USUAL_SYSTEM
        }
    };
    view! {
        <div class="numbers">
            <Number
                label="Answers per prompt"
                low=1.0
                high=64.0
                step=1.0
                value=move || state.samples_per_prompt.get() as f64
                set=move |x| state.samples_per_prompt.set(x as usize)
            />
            <Number
                label="Tokens per answer"
                low=1.0
                high=256.0
                step=1.0
                value=move || state.max_tokens.get() as f64
                set=move |x| state.max_tokens.set(x as usize)
            />
            <Number
                label="Temperature"
                low=0.0
                high=2.0
                step=0.1
                value=move || state.temperature.get()
                set=move |x| state.temperature.set(x)
            />
            <Number
                label="Seed"
                low=0.0
                high=LARGEST_SEED
                step=1.0
                value=move || state.seed.get() as f64
                set=move |x| state.seed.set(x as u64)
            />
        </div>
        <details>
            <summary>"More settings"</summary>
            <div class="numbers">
                <Number
                    label="Top k (0: all)"
                    low=0.0
                    high=50_000.0
                    step=1.0
                    value=move || state.top_k.get() as f64
                    set=move |x| state.top_k.set(x as usize)
                />
                <Number
                    label="Top p (1: all)"
                    low=0.01
                    high=1.0
                    step=0.01
                    value=move || state.top_p.get()
                    set=move |x| state.top_p.set(x)
                />
                <Number
                    label="Workers"
                    low=1.0
                    high=8.0
                    step=1.0
                    value=move || state.workers.get() as f64
                    set=move |x| state.workers.set(x as usize)
                />
            </div>
            <p class="hint">
                "Each worker answers a prompt of its own and takes about 0.25 GB of memory. The \
                answers are the same with any number of them."
            </p>
            <label class="prompts">
                <span>"System prompt"</span>
                <textarea
                    rows="2"
                    placeholder=placeholder
                    disabled=move || state.no_system.get()
                    prop:value=move || state.system.get()
                    on:input=move |event| state.system.set(event_target_value(&event))
                ></textarea>
            </label>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || state.no_system.get()
                    on:change=move |event| state.no_system.set(event_target_checked(&event))
                />
                <span>"No system prompt"</span>
            </label>
        </details>
    }
}
