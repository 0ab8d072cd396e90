//! A file dropped anywhere on the page is opened.

use crate::app::actions::files::open_files;
use crate::app::actions::learn;
use crate::app::browser::events::on_window;
use crate::app::state::learn::Place;
use crate::app::state::page;
use gloo_file::FileList;
use leptos::prelude::*;
use palette_protocol::link::View;
use web_sys::DragEvent;

#[component]
pub fn DropZone() -> impl IntoView {
    let page = page();
    let over = RwSignal::new(false);
    // On the answers of a class it is sheets that are dropped.
    let grades = move || {
        page.view.get_untracked() == View::Learn
            && page.learn.open.with_untracked(Option::is_none)
            && page.learn.place.get_untracked() == Place::Class
    };
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
            let files = event.data_transfer().and_then(|data| data.files());
            match files {
                Some(files) if grades() => learn::grade_files(page, FileList::from(files).to_vec()),
                files => open_files(page, files),
            }
        }
    });
    view! {
        <Show when=move || over.get()>
            <div class="drop-zone" aria-hidden="true">
                <p>
                    {move || {
                        if grades() { "Drop the answer sheets to grade them" } else { "Drop the reward table to open it" }
                    }}
                </p>
            </div>
        </Show>
    }
}
