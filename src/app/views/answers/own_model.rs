//! A language model from the person's disk, for drawing.

use crate::app::actions::answers::own_model;
use crate::app::format::gigabytes;
use crate::app::state::page;
use crate::app::views::chosen_file::chosen_file;
use crate::app::views::names::Name;
use crate::client::device;
use leptos::prelude::*;

#[component]
pub fn OwnModelChoice() -> impl IntoView {
    let page = page();
    let state = page.answers;
    let chosen = move |event: leptos::ev::Event| {
        if let Some(file) = chosen_file(&event) {
            leptos::task::spawn_local(own_model::choose(page, file));
        }
    };
    let back = move |_| own_model::put_away(page);
    view! {
        <details>
            <summary>"A model of your own"</summary>
            <p class="hint">
                "A GGUF file of the llama or the Qwen2 family, such as SmolLM2-360M, TinyLlama or \
                    Qwen2.5-0.5B, read from your disk and sent nowhere. The page's own rewards score its \
                    answers. Other architectures are not supported, nor files in parts."
            </p>
            <label class="pick-file">
                <span>"Language model (GGUF)"</span>
                <input type="file" accept=".gguf" disabled=move || state.is_busy() on:change=chosen />
            </label>
            {move || {
                state
                    .own_model
                    .get()
                    .map(|model| {
                        let warning = own_model::memory_warning(
                            model.bytes as f64,
                            state.workers.get(),
                            device::memory(),
                        );
                        view! {
                            <p class="chosen">
                                <b>
                                    <Name name=model.name />
                                </b>
                                " "
                                <span class="quiet">{gigabytes(model.bytes as f64)}</span>
                            </p>
                            {warning.map(|warning| view! { <p class="warning">{warning}</p> })}
                            <p class="hint">
                                "A link cannot carry a model, so answers of this one are shared as a \
                                file."
                            </p>
                            <button
                                type="button"
                                class="small"
                                disabled=move || state.is_busy()
                                on:click=back
                            >
                                "Use \
                                the page's own model again"
                            </button>
                        }
                    })
            }}
        </details>
    }
}
