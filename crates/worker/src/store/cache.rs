//! Weights in the browser's cache.

use super::network::{address, scope};
use js_sys::Uint8Array;
use palette_weights::manifest::Manifest;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Response};

/// The service worker leaves this cache alone.
const CACHE: &str = "map-palette-weights";

/// The weights cache; `None` where the browser has or allows none.
pub(super) async fn open() -> Option<Cache> {
    let global = js_sys::global();
    // In an insecure context the property is not there at all.
    if js_sys::Reflect::get(&global, &"caches".into()).is_ok_and(|c| c.is_undefined()) {
        return None;
    }
    let caches = scope().caches().ok()?;
    JsFuture::from(caches.open(CACHE)).await.ok().map(|c| c.unchecked_into())
}

/// What the cache holds under this address.
pub(super) async fn find(cache: &Cache, url: &str) -> Option<Response> {
    let found = JsFuture::from(cache.match_with_str(url)).await.ok()?;
    (!found.is_undefined()).then(|| found.unchecked_into())
}

/// Drops files of earlier versions.
pub(super) async fn evict_stale(cache: &Cache, manifest: &Manifest) {
    let wanted: Vec<String> =
        manifest.models.iter().flat_map(|m| &m.shards).filter_map(|s| address(&s.file).ok()).collect();
    let (Ok(own), Ok(keys)) = (address(""), JsFuture::from(cache.keys()).await) else { return };
    for key in js_sys::Array::from(&keys) {
        let request: web_sys::Request = key.unchecked_into();
        // Another copy of the page on the same host keeps its weights under another address.
        if request.url().starts_with(&own) && !wanted.contains(&request.url()) {
            let _ = JsFuture::from(cache.delete_with_request(&request)).await;
        }
    }
}

/// The whole body of a cached response; `None` when it cannot be read.
pub(super) async fn body(response: &Response) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
