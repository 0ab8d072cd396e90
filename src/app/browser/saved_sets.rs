//! The browser's cache as a shelf: one entry for each set, all that is listed in its address, so that a list
//! reads no set.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Request, Response};

const CACHE: &str = "map-palette-sets";
/// Folder of the entries' addresses; nothing is served there.
const FOLDER: &str = "saved-sets/";

/// A saved set, without its content.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub name: String,
    pub bytes: u64,
    /// Whether it was opened from a file.
    pub opened: bool,
}

impl Entry {
    fn address(&self, folder: &str) -> String {
        let name = String::from(js_sys::encode_uri_component(&self.name));
        format!("{folder}{name}?bytes={}&from={}", self.bytes, if self.opened { "file" } else { "here" })
    }

    /// `None` for an address that is no entry in `folder`.
    fn of(address: &str, folder: &str) -> Option<Self> {
        let (name, said) = address.strip_prefix(folder)?.split_once('?')?;
        let name = js_sys::decode_uri_component(name).ok()?.into();
        let (bytes, from) = said.strip_prefix("bytes=")?.split_once("&from=")?;
        Some(Entry { name, bytes: bytes.parse().ok()?, opened: from == "file" })
    }
}

/// All saved sets, by name. The error is a plain sentence here and below.
pub async fn entries() -> Result<Vec<Entry>, String> {
    let cache = open().await?;
    let folder = folder();
    let mut entries: Vec<Entry> =
        addresses(&cache).await?.iter().filter_map(|address| Entry::of(address, &folder)).collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// Keeps `text` as this entry, in the place of an older one of the same name.
pub async fn put(entry: &Entry, text: &str) -> Result<(), String> {
    let cache = open().await?;
    let folder = folder();
    let address = entry.address(&folder);
    let response = Response::new_with_opt_str(Some(text)).map_err(|_| refused())?;
    done(cache.put_with_str(&address, &response)).await.map_err(|error| {
        if error.contains("Quota") {
            "This browser has no space left for the page. Delete a saved set or the cached models, or export \
                the set as a file."
                .to_owned()
        } else {
            refused()
        }
    })?;
    for old in addresses(&cache).await? {
        if old != address && Entry::of(&old, &folder).is_some_and(|old| old.name == entry.name) {
            done(cache.delete_with_str(&old)).await.map_err(|_| refused())?;
        }
    }
    Ok(())
}

/// The content of an entry.
pub async fn text(entry: &Entry) -> Result<String, String> {
    let gone = || "It is not in this browser any more; the browser may have made space.".to_owned();
    let cache = open().await?;
    let found = done(cache.match_with_str(&entry.address(&folder()))).await.map_err(|_| refused())?;
    let response: Response = found.dyn_into().map_err(|_| gone())?;
    let text = response.text().map_err(|_| gone())?;
    done(text).await.ok().and_then(|text| text.as_string()).ok_or_else(gone)
}

pub async fn delete(entry: &Entry) -> Result<(), String> {
    let cache = open().await?;
    done(cache.delete_with_str(&entry.address(&folder()))).await.map_err(|_| refused()).map(drop)
}

async fn open() -> Result<Cache, String> {
    // Outside a secure context there is no cache at all.
    let there = js_sys::Reflect::get(&window(), &"caches".into()).is_ok_and(|caches| caches.is_truthy());
    if !there {
        return Err(
            "This browser keeps nothing for pages that are not served securely (https). Export the set as a \
                file instead."
                .to_owned(),
        );
    }
    let caches = window().caches().map_err(|_| refused())?;
    done(caches.open(CACHE)).await.map_err(|_| refused())?.dyn_into().map_err(|_| refused())
}

async fn addresses(cache: &Cache) -> Result<Vec<String>, String> {
    let keys = done(cache.keys()).await.map_err(|_| refused())?;
    let keys: js_sys::Array = keys.dyn_into().map_err(|_| refused())?;
    Ok(keys.iter().filter_map(|key| key.dyn_into::<Request>().ok()).map(|request| request.url()).collect())
}

/// What a promise gives; the error is the name of what was thrown.
async fn done(promise: js_sys::Promise) -> Result<JsValue, String> {
    JsFuture::from(promise).await.map_err(|error| {
        let name = js_sys::Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
        name.unwrap_or_default()
    })
}

fn refused() -> String {
    "This browser does not let the page keep anything. Export the set as a file instead.".to_owned()
}

/// Other copies of the page may live under the same host: each has a folder of its own.
fn folder() -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    let base = base.split(['#', '?']).next().unwrap_or_default();
    let base = base.rfind('/').map_or("", |at| &base[..=at]);
    format!("{base}{FOLDER}")
}
