//! What model files this browser holds.

use crate::app::actions::answers::stored;
use crate::app::format::megabytes;
use crate::app::state::answers::Stored;
use crate::app::state::page;
use leptos::prelude::*;

#[component]
pub fn ModelLine() -> impl IntoView {
    let page = page();
    let state = page.answers;
    let words = move || match state.stored.get() {
        Stored::Known { bytes, complete: true } => {
            format!("The models are cached in this browser ({}): nothing needs to be loaded.", megabytes(bytes))
        }
        Stored::Known { bytes, .. } if bytes > 0 => {
            format!(
                "Part of the models is cached in this browser ({}). The next press loads the rest, about 123 MB in all.",
                megabytes(bytes)
            )
        }
        _ => "The first press loads about 123 MB of models. They are then kept in this browser, and later presses need no network."
            .to_owned(),
    };
    let some = move || matches!(state.stored.get(), Stored::Known { bytes, .. } if bytes > 0);
    view! {
        <div class="models">
            <p class="hint">{words}</p>
            <Show when=some>
                <button type="button" disabled=move || state.is_busy() on:click=move |_| stored::delete(page)>
                    "Delete the cached models"
                </button>
            </Show>
        </div>
    }
}
