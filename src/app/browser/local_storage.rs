//! Small texts kept from one visit to the next, where the browser lets us.

use leptos::prelude::window;

/// What is kept under `key`; `None` when there is nothing or this browser keeps nothing.
pub fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps `text` under `key`.
pub fn set(key: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, text);
    }
}

/// Local storage, where it exists and may be used.
fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
