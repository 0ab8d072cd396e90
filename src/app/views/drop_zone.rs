//! A file dropped anywhere on the page is opened.

use crate::app::actions::files::open_files;
use crate::app::browser::events::on_window;
use crate::app::state::page;
use leptos::prelude::*;
use web_sys::DragEvent;

#[component]
pub fn DropZone() -> impl IntoView {
    let page = page();
    let over = RwSignal::new(false);
    let has_files = |event: &DragEvent| {
        event
            .data_transfer()
            .is_some_and(|data| data.types().iter().any(|kind| kind.as_string().as_deref() == Some("Files")))
    };
    on_window("dragover", move |event: &DragEvent| {
        if has_files(event) {
            event.prevent_default();
            over.set(true);
        }
    });
    on_window("dragleave", move |event: &DragEvent| {
        // Leaving the window, not merely passing from one element to the next.
        if event.related_target().is_none() {
            over.set(false);
        }
    });
    on_window("drop", move |event: &DragEvent| {
        over.set(false);
        if has_files(event) {
            event.prevent_default();
            open_files(page, event.data_transfer().and_then(|data| data.files()));
        }
    });
    view! {
        <Show when=move || over.get()>
            <div class="drop-zone" aria-hidden="true">
                <p>"Drop the reward table to open it"</p>
            </div>
        </Show>
    }
}
