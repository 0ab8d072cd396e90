//! Telling this tab's work from that of other tabs.

use gloo_storage::{SessionStorage, Storage};
use gloo_utils::window;
use js_sys::{Array, Function, Object, Promise, Reflect};
use std::collections::HashSet;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

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
    let locks = locks()?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE).ok()?;
    let answered = Promise::new(&mut |resolve, _| {
        let told = resolve.clone();
        let held = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            let got = lock.is_truthy();
            let _ = told.call1(&JsValue::UNDEFINED, &JsValue::from_bool(got));
            // A lock lasts for as long as its promise: until the tab is gone.
            if got { Promise::new(&mut |_, _| {}).into() } else { JsValue::UNDEFINED }
        });
        let name = JsValue::from_str(&format!("{LOCK}{work}"));
        let asked = request.call3(&locks, &name, &options, &held).and_then(JsCast::dyn_into::<Promise>);
        // A browser that refuses locks does so at once, or by its promise.
        spawn_local(async move {
            let refused = match asked {
                Ok(asked) => JsFuture::from(asked).await.is_err(),
                Err(_) => true,
            };
            if refused {
                let _ = resolve.call0(&JsValue::UNDEFINED);
            }
        });
    });
    JsFuture::from(answered).await.ok()?.as_bool()
}

/// The works that open tabs have; `None` where the browser does not tell.
pub async fn in_other_tabs() -> Option<HashSet<String>> {
    let locks = locks()?;
    let query: Function = Reflect::get(&locks, &"query".into()).ok()?.dyn_into().ok()?;
    let asked: Promise = query.call0(&locks).ok()?.dyn_into().ok()?;
    let answer = JsFuture::from(asked).await.ok()?;
    let held: Array = Reflect::get(&answer, &"held".into()).ok()?.dyn_into().ok()?;
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    Some(held.iter().filter_map(name).filter_map(|name| name.strip_prefix(LOCK).map(str::to_owned)).collect())
}

/// In an insecure context there are none.
fn locks() -> Option<JsValue> {
    Reflect::get(&window().navigator(), &"locks".into()).ok().filter(JsValue::is_truthy)
}
