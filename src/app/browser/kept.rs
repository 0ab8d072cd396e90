//! What people are at work on, in this page's database of the browser's.

use super::saved_sets::folder;
use palette_shelf as shelves;
use wasm_bindgen::JsValue;

pub use palette_shelf::{Failure, Shelf};

/// The name of the database; its workers are told.
pub fn database() -> String {
    format!("map-palette-work {}", folder())
}

/// Keeps `value` under `key`, in the place of what was there.
pub async fn put(shelf: Shelf, key: &str, value: &JsValue) -> Result<(), Failure> {
    shelves::put(&database(), shelf, key, value).await
}

pub async fn get(shelf: Shelf, key: &str) -> Result<Option<JsValue>, Failure> {
    shelves::get(&database(), shelf, key).await
}

/// Everything whose key begins with `prefix`, by key.
pub async fn all(shelf: Shelf, prefix: &str) -> Result<Vec<(String, JsValue)>, Failure> {
    shelves::all(&database(), shelf, prefix).await
}

pub async fn delete(shelf: Shelf, key: &str) -> Result<(), Failure> {
    shelves::delete(&database(), shelf, key).await
}

/// Deletes all that belongs to a work.
pub async fn delete_work(work: &str) -> Result<(), Failure> {
    shelves::delete_work(&database(), work).await
}
