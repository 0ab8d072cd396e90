//! Ctrl+Z and Cmd+Z take the last change of the palette back.

use crate::app::browser::events::on_window;
use crate::app::state::Page;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// Listens for as long as the component that calls this lives.
pub fn listen(page: Page) {
    on_window("keydown", move |event: &KeyboardEvent| {
        let undo = (event.ctrl_key() || event.meta_key())
            && !event.shift_key()
            && !event.alt_key()
            && event.key().eq_ignore_ascii_case("z");
        if undo && page.can_undo() && !in_text(event) {
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
