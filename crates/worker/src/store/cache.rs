//! Weights in the browser's cache.

use super::network::{address, is_carried, scope};
use crate::pauses::within;
use js_sys::Uint8Array;
use palette_weights::manifest::Manifest;
use wasm_bindgen::prelude::*;
use web_sys::{Cache, Response};

/// The service worker leaves this cache alone.
const CACHE: &str = "map-palette-weights";

/// Milliseconds after which a cache that does not answer is done without.
const PATIENCE: i32 = 20_000;

async fn answer(promise: js_sys::Promise) -> Option<JsValue> {
    within(promise, PATIENCE).await?.ok()
}

/// The weights cache; `None` where the browser has or allows none.
pub(super) async fn open() -> Option<Cache> {
    let global = js_sys::global();
    // What is handed over by the page need not be kept, and from a disk it cannot.
    if is_carried() {
        return None;
    }
    // In an insecure context the property is not there at all.
    if js_sys::Reflect::get(&global, &"caches".into()).is_ok_and(|c| c.is_undefined()) {
        return None;
    }
    let caches = scope().caches().ok()?;
    answer(caches.open(CACHE)).await.map(|c| c.unchecked_into())
}

/// What the cache holds under this address.
pub(super) async fn find(cache: &Cache, url: &str) -> Option<Response> {
    let found = answer(cache.match_with_str(url)).await?;
    (!found.is_undefined()).then(|| found.unchecked_into())
}

/// Keeps a file under this address; whether that succeeded.
pub(super) async fn keep(cache: &Cache, url: &str, bytes: &[u8]) -> bool {
    match Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(bytes))) {
        Ok(copy) => answer(cache.put_with_str(url, &copy)).await.is_some(),
        Err(_) => false,
    }
}

/// Drops what is kept under this address; whether the browser let it.
pub(super) async fn drop_kept(cache: &Cache, url: &str) -> bool {
    answer(cache.delete_with_str(url)).await.is_some()
}

/// Drops files of earlier versions.
pub(super) async fn evict_stale(cache: &Cache, manifest: &Manifest) {
    let wanted: Vec<String> =
        manifest.models.iter().flat_map(|m| &m.shards).filter_map(|s| address(&s.file).ok()).collect();
    let (Ok(own), Some(keys)) = (address(""), answer(cache.keys()).await) else { return };
    for key in js_sys::Array::from(&keys) {
        let request: web_sys::Request = key.unchecked_into();
        // Another copy of the page on the same host keeps its weights under another address.
        if request.url().starts_with(&own) && !wanted.contains(&request.url()) {
            answer(cache.delete_with_request(&request)).await;
        }
    }
}

/// The whole body of a cached response; `None` when it cannot be read.
pub(super) async fn body(response: &Response) -> Option<Vec<u8>> {
    let buffer = answer(response.array_buffer().ok()?).await?;
    Some(Uint8Array::new(&buffer).to_vec())
}
