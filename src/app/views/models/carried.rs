//! The models of the page in one file: chosen by the person, from the file that was made with it.

use crate::app::actions::models::carried::take;
use crate::app::browser::carried::ModelsFile;
use crate::app::format::megabytes;
use crate::app::state::models::carried::Taking;
use crate::app::state::page;
use crate::app::views::chosen_file::chosen_file;
use leptos::prelude::*;

#[component]
pub fn CarriedModels(file: ModelsFile) -> impl IntoView {
    let page = page();
    let taking = page.models.carried.taking;
    let ModelsFile { name, bytes } = file;
    if name.is_empty() {
        return view! {
            <section class="card" aria-labelledby="models-title">
                <h2 id="models-title">"Models on this page"</h2>
                <p>
                    "This page in one file was built without models: it composes, and does not draw answers."
                </p>
            </section>
        }
        .into_any();
    }
    let chosen = move |event: leptos::ev::Event| {
        if let Some(file) = chosen_file(&event) {
            take(page, file);
        }
    };
    let words = {
        let name = name.clone();
        move || match taking.get() {
            Taking::NotYet => format!("Not here yet. {name} lies where this page came from."),
            Taking::Checking => "Being read, and compared with its SHA-256…".to_owned(),
            Taking::Taken => {
                "Here, and as they were built. Answers draws with them, without a network, until \
                this page is left or loaded again."
                    .to_owned()
            }
            Taking::Refused(sentence) => sentence,
        }
    };
    let refused = move || matches!(taking.get(), Taking::Refused(_));
    view! {
        <section class="card" aria-labelledby="models-title">
            <h2 id="models-title">"Models on this page"</h2>
            <p>
                "This page is one file, so its models come from a second one: choose it here, or drop it \
                    anywhere on the page. Nothing is fetched and nothing is sent. Composing works without it."
            </p>
            <label class="pick-file">
                <span>{format!("{name} ({})", megabytes(bytes))}</span>
                <input
                    type="file"
                    accept=".bin"
                    disabled=move || taking.get() == Taking::Checking
                    on:change=chosen
                />
            </label>
            <p class:warning=refused role=move || if refused() { "alert" } else { "status" }>
                {words}
            </p>
        </section>
    }
    .into_any()
}
