//! Tells that a new version of the page waits.

use crate::app::browser::events::on_window;
use leptos::prelude::*;

#[component]
pub fn UpdateBanner() -> impl IntoView {
    // How many other open pages still use the old version; `None` while no new one waits.
    let waits = RwSignal::new(None);
    on_window("map-palette-update", move |event: &web_sys::CustomEvent| {
        let others = js_sys::Reflect::get(&event.detail(), &"others".into()).unwrap_or_default();
        let others = others.as_f64().unwrap_or_default();
        waits.set(Some(others as usize));
    });
    let sentence = move || match waits.get() {
        None | Some(0) => "A new version is ready.",
        Some(_) => "A new version is ready. It starts once the other open pages of MAP Palette are closed.",
    };
    let reload = move |_| {
        // Nothing is lost: the browser keeps the work, and the address the palette.
        let _ = window().location().reload();
    };
    view! {
        <Show when=move || waits.get().is_some()>
            <div class="notice update" role="status">
                <p>{sentence}</p>
                <button type="button" on:click=reload>
                    "Reload"
                </button>
            </div>
        </Show>
    }
}
