//! Telling this tab's work from that of other tabs.

use crate::locks;
use gloo_storage::{SessionStorage, Storage};
use gloo_utils::window;
use std::collections::HashSet;

/// What the browser keeps for as long as the tab lives, over reloads.
const KEY: &str = "map-palette-tab";
const LOCK: &str = "map-palette work ";

/// The work that this tab had before it was loaded again.
pub fn remembered() -> Option<String> {
    is_there().then(|| SessionStorage::get(KEY).ok()).flatten()
}

/// Where the browser keeps nothing, the tab is a new one at every visit.
pub fn remember(work: &str) {
    if is_there() {
        let _ = SessionStorage::set(KEY, work);
    }
}

/// Where session storage is missing or may not be used, reaching for it would end the page.
fn is_there() -> bool {
    window().session_storage().is_ok_and(|storage| storage.is_some())
}

/// Whether the work is this tab's alone from now on; `None` where the browser has no locks to tell by.
pub async fn claim(work: &str) -> Option<bool> {
    locks::hold(&format!("{LOCK}{work}")).await
}

/// The works that open tabs have; `None` where the browser does not tell.
pub async fn in_other_tabs() -> Option<HashSet<String>> {
    let held = locks::held().await?;
    Some(held.iter().filter_map(|name| name.strip_prefix(LOCK).map(str::to_owned)).collect())
}
