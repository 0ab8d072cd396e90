//! Ctrl+Z takes the last change of the palette back, Ctrl+Y and Ctrl+Shift+Z make it again; so with Cmd.

use crate::app::browser::events::on_window;
use crate::app::state::Page;
use leptos::prelude::untrack;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// Listens for as long as the component that calls this lives.
pub fn listen(page: Page) {
    on_window("keydown", move |event: &KeyboardEvent| {
        if !(event.ctrl_key() || event.meta_key()) || event.alt_key() || in_text(event) {
            return;
        }
        let is = |key: &str| event.key().eq_ignore_ascii_case(key);
        let again = is("z") && event.shift_key() || is("y") && event.ctrl_key() && !event.shift_key();
        if again && untrack(|| page.can_redo()) {
            event.prevent_default();
            page.redo();
        } else if is("z") && !event.shift_key() && untrack(|| page.can_undo()) {
            event.prevent_default();
            page.undo();
        }
    });
}

/// In a text field the keys undo what was typed there.
fn in_text(event: &KeyboardEvent) -> bool {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    match element.tag_name().as_str() {
        "TEXTAREA" => true,
        "INPUT" => element.get_attribute("type").as_deref() != Some("range"),
        _ => false,
    }
}
