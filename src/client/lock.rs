//! Hearing of a worker's end from the browser: it frees what a worker holds, however that ended.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Calls `then` when nobody holds the lock of this name any more; never where the browser has no locks.
pub(super) fn when_free(lock: &str, then: impl FnOnce() + 'static) {
    let Some(window) = web_sys::window() else { return };
    let part = |of: &JsValue, name: &str| Reflect::get(of, &name.into());
    let Ok(locks) = part(&window, "navigator").and_then(|navigator| part(&navigator, "locks")) else {
        return;
    };
    let Ok(request) = part(&locks, "request").and_then(JsCast::dyn_into::<Function>) else { return };
    let granted = Closure::once_into_js(move |_: JsValue| then());
    if let Ok(asked) = request.call2(&locks, &lock.into(), &granted).and_then(JsCast::dyn_into::<Promise>) {
        // A lock that is refused is done without: there are deadlines.
        spawn_local(async move { drop(JsFuture::from(asked).await) });
    }
}
