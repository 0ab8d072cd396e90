//! Listening to the window, and to what else is no element of a view.

use gloo_events::{EventListener, EventListenerOptions};
use gloo_utils::window;
use leptos::prelude::StoredValue;
use wasm_bindgen::JsCast;
use web_sys::EventTarget;

/// Listens to the window's events called `name`, which are of type `E`, for as long as the component lives
/// that calls this. The listener may keep the browser from doing what it would.
pub fn on_window<E: JsCast>(name: &'static str, mut listener: impl FnMut(&E) + 'static) {
    let options = EventListenerOptions::enable_prevent_default();
    keep(EventListener::new_with_options(&window(), name, options, move |event| {
        if let Some(event) = event.dyn_ref() {
            listener(event);
        }
    }));
}

/// Tells scripts beside this program that something has happened.
pub fn tell_window(name: &str) {
    if let Ok(event) = web_sys::Event::new(name) {
        // What a listener breaks is its own.
        let _ = window().dispatch_event(&event);
    }
}

/// Calls `listener` whenever `target` changes, for as long as the component lives that calls this.
pub fn on_change(target: &EventTarget, mut listener: impl FnMut() + 'static) {
    keep(EventListener::new(target, "change", move |_| listener()));
}

/// A listener goes with the component, as everything does that it stores.
fn keep(listener: EventListener) {
    StoredValue::new_local(listener);
}
