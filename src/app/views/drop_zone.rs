//! A file dropped anywhere on the page is opened.

use crate::app::actions::files::open_files;
use crate::app::state::page;
use leptos::prelude::*;

#[component]
pub fn DropZone() -> impl IntoView {
    let page = page();
    let over = RwSignal::new(false);
    let has_files = |event: &web_sys::DragEvent| {
        event
            .data_transfer()
            .is_some_and(|data| data.types().iter().any(|kind| kind.as_string().as_deref() == Some("Files")))
    };
    let listeners = [
        window_event_listener(leptos::ev::dragover, move |event| {
            if has_files(&event) {
                event.prevent_default();
                over.set(true);
            }
        }),
        window_event_listener(leptos::ev::dragleave, move |event| {
            // Leaving the window, not merely passing from one element to the next.
            if event.related_target().is_none() {
                over.set(false);
            }
        }),
        window_event_listener(leptos::ev::drop, move |event| {
            over.set(false);
            if has_files(&event) {
                event.prevent_default();
                open_files(page, event.data_transfer().and_then(|data| data.files()));
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    view! {
        <Show when=move || over.get()>
            <div class="drop-zone" aria-hidden="true">
                <p>"Drop the reward table to open it"</p>
            </div>
        </Show>
    }
}
