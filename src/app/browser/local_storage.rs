//! Small values kept as JSON from one visit to the next, where the browser lets us.

use gloo_storage::{LocalStorage, Storage};
use gloo_utils::window;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The value under `key`; `None` when there is none that can be read or this browser keeps nothing.
pub fn get<T: DeserializeOwned>(key: &str) -> Option<T> {
    is_there().then(|| LocalStorage::get(key).ok()).flatten()
}

/// The text under `key` as it stands, JSON or not.
pub fn get_text(key: &str) -> Option<String> {
    is_there().then(|| LocalStorage::raw().get_item(key).ok()).flatten().flatten()
}

/// Keeps `value` under `key`. Without room or permission it lasts no longer than this visit.
pub fn set(key: &str, value: &impl Serialize) {
    if is_there() {
        let _ = LocalStorage::set(key, value);
    }
}

/// Where local storage is missing or may not be used, reaching for it would end the page.
fn is_there() -> bool {
    window().local_storage().is_ok_and(|storage| storage.is_some())
}
