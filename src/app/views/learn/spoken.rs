//! The text of a lesson, with its emphasis.

use leptos::prelude::*;
use palette_lessons::{Emphasis, prose};
use palette_protocol::visible;

/// One paragraph's words.
#[component]
pub fn Prose(#[prop(into)] text: String) -> impl IntoView {
    prose(&text)
        .into_iter()
        .map(|(emphasis, run)| {
            let run = visible(run).into_owned();
            match emphasis {
                Emphasis::Plain => run.into_any(),
                Emphasis::Light => view! { <em>{run}</em> }.into_any(),
                Emphasis::Strong => view! { <strong>{run}</strong> }.into_any(),
                Emphasis::Code => view! { <code>{run}</code> }.into_any(),
            }
        })
        .collect_view()
}
