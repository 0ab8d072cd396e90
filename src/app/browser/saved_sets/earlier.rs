//! Earlier versions kept sets in a cache of the browser's, all that is listed in an entry's address.

use super::{Entry, Shelf, folder, put};
use gloo_utils::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, CacheStorage, Request, Response};

const CACHE: &str = "map-palette-sets";
/// Folder of the entries' addresses; nothing is served there.
const FOLDER: &str = "saved-sets/";

/// Moves what an earlier version kept to the shelf. A set leaves the cache only when it is on the shelf, so
/// that nothing is lost wherever this ends; what is left is moved another time. The error is a sentence that
/// names the set.
pub async fn carry_over() -> Result<(), String> {
    // Without caches, in an insecure context say, there is nothing to move.
    let Some((caches, cache)) = open().await else { return Ok(()) };
    let folder = format!("{}{FOLDER}", folder());
    for address in addresses(&cache).await.unwrap_or_default() {
        let Some(entry) = entry_of(&address, &folder) else { continue };
        move_over(&cache, &address, &entry).await.map_err(|reason| {
            format!("“{}”, which an earlier version saved, was not moved. {reason}", entry.name)
        })?;
    }
    // Other copies of the page may have sets in it, and so may this one if one could not be read.
    if addresses(&cache).await.is_some_and(|left| left.is_empty()) {
        let _ = JsFuture::from(caches.delete(CACHE)).await;
    }
    Ok(())
}

async fn move_over(cache: &Cache, address: &str, entry: &Entry) -> Result<(), String> {
    // A set of that name there is newer, or was put there before the page was closed.
    let there = Shelf::open().await?.holds(&entry.name).await.map_err(|_| super::refused())?;
    if !there {
        // Another tab may have moved it meanwhile.
        let Some(text) = text_at(cache, address).await else { return Ok(()) };
        put(entry, &text).await?;
    }
    // An entry that stays is looked at again another time.
    let _ = JsFuture::from(cache.delete_with_str(address)).await;
    Ok(())
}

/// The cache of earlier versions, unless there is none.
async fn open() -> Option<(CacheStorage, Cache)> {
    let there = js_sys::Reflect::get(&window(), &"caches".into()).is_ok_and(|caches| caches.is_truthy());
    let caches = there.then(|| window().caches().ok()).flatten()?;
    let kept = JsFuture::from(caches.has(CACHE)).await.ok()?;
    if !kept.is_truthy() {
        return None;
    }
    let cache = JsFuture::from(caches.open(CACHE)).await.ok()?.dyn_into().ok()?;
    Some((caches, cache))
}

/// `None` when the browser does not tell.
async fn addresses(cache: &Cache) -> Option<Vec<String>> {
    let keys: js_sys::Array = JsFuture::from(cache.keys()).await.ok()?.dyn_into().ok()?;
    Some(keys.iter().filter_map(|key| key.dyn_into::<Request>().ok()).map(|request| request.url()).collect())
}

async fn text_at(cache: &Cache, address: &str) -> Option<String> {
    let found: Response = JsFuture::from(cache.match_with_str(address)).await.ok()?.dyn_into().ok()?;
    JsFuture::from(found.text().ok()?).await.ok()?.as_string()
}

/// `None` for an address that is no entry in `folder`.
fn entry_of(address: &str, folder: &str) -> Option<Entry> {
    let (name, said) = address.strip_prefix(folder)?.split_once('?')?;
    let name = js_sys::decode_uri_component(name).ok()?.into();
    let (bytes, from) = said.strip_prefix("bytes=")?.split_once("&from=")?;
    Some(Entry { name, bytes: bytes.parse().ok()?, opened: from == "file", fingerprint: None })
}
