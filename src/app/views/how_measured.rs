//! The way from a value to how it is measured.

use crate::app::own_values::is_own_value;
use crate::app::state::page;
use leptos::prelude::*;
use palette_protocol::link::View;

/// A text button that opens the Models view where it says how the value `name` is measured; nothing for a
/// value that is not the page's own.
#[component]
pub fn HowMeasured(name: String) -> impl IntoView {
    let page = page();
    is_own_value(&name).then(move || {
        let spoken = format!(" ({name})");
        let open = move |_| {
            page.measured.set(Some(name.clone()));
            page.view.set(View::Models);
        };
        view! {
            <button type="button" class="how-measured" on:click=open>
                "How is this measured?"
                <span class="visually-hidden">{spoken}</span>
            </button>
        }
    })
}
