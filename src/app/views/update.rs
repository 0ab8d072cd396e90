//! Tells that a new version of the page waits.

use leptos::prelude::*;

#[component]
pub fn UpdateBanner() -> impl IntoView {
    // How many other open pages still use the old version; `None` while no new one waits.
    let waits = RwSignal::new(None);
    let listening = window_event_listener_untyped("map-palette-update", move |event| {
        let part =
            |of: &wasm_bindgen::JsValue, key: &str| js_sys::Reflect::get(of, &key.into()).unwrap_or_default();
        let others = part(&part(&event, "detail"), "others").as_f64().unwrap_or_default();
        waits.set(Some(others as usize));
    });
    let sentence = move || match waits.get() {
        None | Some(0) => "A new version is ready.",
        Some(_) => "A new version is ready. It starts once the other open pages of MAP Palette are closed.",
    };
    on_cleanup(move || listening.remove());
    let reload = move |_| {
        // Nothing is lost: the address carries the palette.
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
