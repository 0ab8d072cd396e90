//! Tells that a new version of the page waits.

use leptos::prelude::*;

#[component]
pub fn UpdateBanner() -> impl IntoView {
    let waits = RwSignal::new(false);
    let listening = window_event_listener_untyped("map-palette-update", move |_| waits.set(true));
    on_cleanup(move || listening.remove());
    let reload = move |_| {
        // Nothing is lost: the address carries the palette.
        let _ = window().location().reload();
    };
    view! {
        <Show when=move || waits.get()>
            <div class="notice update" role="status">
                <p>"A new version is ready."</p>
                <button type="button" on:click=reload>"Reload"</button>
            </div>
        </Show>
    }
}
