//! Ctrl+Z and Cmd+Z take the last change of the palette back.

use crate::app::state::Page;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Listens for as long as the component that calls this lives.
pub fn listen(page: Page) {
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        let undo = (event.ctrl_key() || event.meta_key())
            && !event.shift_key()
            && !event.alt_key()
            && event.key().eq_ignore_ascii_case("z");
        if undo && page.can_undo() && !in_text(&event) {
            event.prevent_default();
            page.undo();
        }
    });
    on_cleanup(move || keys.remove());
}

/// In a text field the keys undo what was typed there.
fn in_text(event: &web_sys::KeyboardEvent) -> bool {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    match element.tag_name().as_str() {
        "TEXTAREA" => true,
        "INPUT" => element.get_attribute("type").as_deref() != Some("range"),
        _ => false,
    }
}
