//! The room that the browser gives this page, and whether it promises to keep what is there.

use gloo_utils::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager};

/// Bytes that everything of this page takes, and that it may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Room {
    Asking,
    Known {
        used: f64,
        allowed: f64,
    },
    /// The browser does not tell.
    Untold,
}

/// Whether the browser keeps the files until the person deletes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    Asking,
    Given,
    NotYet,
    Refused,
    /// The browser cannot be asked.
    None,
}

/// The browser's storage, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Storage {
    pub room: Room,
    pub persistence: Persistence,
}

impl Default for Storage {
    fn default() -> Self {
        Storage { room: Room::Asking, persistence: Persistence::Asking }
    }
}

/// The room as it is now; never [`Room::Asking`].
pub async fn room() -> Room {
    estimate().await.unwrap_or(Room::Untold)
}

/// The browser's promise as it is.
pub async fn persistence() -> Persistence {
    match manager().map(|manager| manager.persisted()) {
        Some(Ok(answer)) => JsFuture::from(answer).await.map_or(Persistence::None, |kept| {
            if kept.is_truthy() { Persistence::Given } else { Persistence::NotYet }
        }),
        _ => Persistence::None,
    }
}

/// Asks the browser to keep the files.
pub async fn ask() -> Persistence {
    let answer = match manager().map(|manager| manager.persist()) {
        Some(Ok(answer)) => JsFuture::from(answer).await.ok(),
        _ => None,
    };
    match answer {
        Some(kept) if kept.is_truthy() => Persistence::Given,
        Some(_) => Persistence::Refused,
        None => Persistence::None,
    }
}

/// In an insecure context there is none.
fn manager() -> Option<StorageManager> {
    let found = js_sys::Reflect::get(&window().navigator(), &"storage".into()).ok()?;
    found.is_truthy().then(|| found.unchecked_into())
}

async fn estimate() -> Option<Room> {
    let estimate: StorageEstimate = JsFuture::from(manager()?.estimate().ok()?).await.ok()?.unchecked_into();
    Some(Room::Known { used: estimate.get_usage()?, allowed: estimate.get_quota()? })
}
