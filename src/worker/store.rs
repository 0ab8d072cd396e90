//! Weights from the network or the browser's cache, verified against the manifest before anything is made of them.

use std::collections::HashMap;

use super::stopped::Stopped;
use super::{Shared, is_cancelled, outbox};
use crate::model::ModelError;
use crate::model::manifest::{Manifest, ModelFile, Shard};
use crate::model::tensors::Tensors;
use crate::protocol::{Loading, Reply, RequestId};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Cache, DedicatedWorkerGlobalScope, ReadableStreamDefaultReader, RequestInit, Response, Url};

pub(super) const LANGUAGE_MODEL: &str = "language-model";
pub(super) const ENCODER: &str = "encoder";
/// The service worker leaves this cache alone.
const CACHE: &str = "map-palette-weights";
/// Bytes between progress reports.
const REPORT_EVERY: u64 = 1 << 20;

/// Tensors of each model by its id.
pub(super) struct Loaded(HashMap<String, Tensors>);

impl Loaded {
    pub(super) fn take(&mut self, id: &str) -> Result<Tensors, ModelError> {
        self.0.remove(id).ok_or_else(|| ModelError::Format(format!("the manifest lists no model called {id}")))
    }
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Address of a weights file. The page gives its own address as the worker's name: the worker's folder is another one.
fn address(file: &str) -> Result<String, Stopped> {
    let base = scope().name();
    let base = if base.is_empty() { scope().location().href() } else { base };
    Url::new_with_base(&format!("weights/{file}"), &base)
        .map(|u| u.href())
        .map_err(|_| Stopped::Failed(format!("The address of the weights file {file} cannot be made from {base}.")))
}

/// Loads and verifies all models. The notes say when the cache could not be used.
pub(super) async fn load(shared: &Shared, id: RequestId) -> Result<(Loaded, Vec<String>), Stopped> {
    let signal = shared.borrow().current.as_ref().and_then(|(_, abort)| abort.as_ref().map(|a| a.signal()));
    let manifest = manifest(signal.as_ref()).await?;
    let mut notes = Vec::new();
    let cache = open_cache().await;
    if cache.is_none() {
        notes.push("This browser lets the page keep no files (a private window, or a page that is not served securely), so the models are loaded anew each time.".into());
    }
    let mut progress = Progress { id, bytes: 0, reported: 0, total: manifest.total_bytes() };
    let mut loaded = HashMap::new();
    for model in &manifest.models {
        let mut tensors = Tensors::default();
        for shard in &model.shards {
            let bytes = shard_bytes(shared, &mut progress, model, shard, cache.as_ref(), signal.as_ref(), &mut notes).await?;
            tensors.add_shard(&bytes)?;
        }
        loaded.insert(model.id.clone(), tensors);
    }
    if let Some(cache) = &cache {
        forget_strangers(cache, &manifest).await;
    }
    Ok((Loaded(loaded), notes))
}

/// Bytes of the manifest's shards that the cache holds, and whether it holds all of them.
pub(super) async fn stored() -> Result<(u64, bool), Stopped> {
    let Some(cache) = open_cache().await else { return Ok((0, false)) };
    let manifest = manifest(None).await?;
    let (mut bytes, mut complete) = (0, true);
    for shard in manifest.models.iter().flat_map(|m| &m.shards) {
        match find(&cache, &address(&shard.file)?).await {
            Some(_) => bytes += shard.bytes,
            None => complete = false,
        }
    }
    Ok((bytes, complete))
}

/// Deletes every cached model file.
pub(super) async fn delete() -> Result<(), Stopped> {
    let caches =
        scope().caches().map_err(|_| Stopped::Failed("This browser keeps no files for the page, so there is nothing to delete.".into()))?;
    JsFuture::from(caches.delete(CACHE))
        .await
        .map_err(|_| Stopped::Failed("The browser refused to delete the cached models. Clear the site's data in its settings.".into()))?;
    Ok(())
}

async fn manifest(signal: Option<&AbortSignal>) -> Result<Manifest, Stopped> {
    let response = fetch("manifest.json", signal).await?;
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await,
        Err(error) => Err(error),
    };
    let text = text
        .ok()
        .and_then(|t| t.as_string())
        .ok_or_else(|| Stopped::Failed("The list of weights could not be read. Check the connection and try again.".into()))?;
    serde_json::from_str(&text).map_err(|e| {
        Stopped::Failed(format!("The list of weights (weights/manifest.json) is not what this page expects: {e}. Reload the page."))
    })
}

/// A response with a good status.
async fn fetch(file: &str, signal: Option<&AbortSignal>) -> Result<Response, Stopped> {
    let init = RequestInit::new();
    init.set_signal(signal);
    let response = JsFuture::from(scope().fetch_with_str_and_init(&address(file)?, &init)).await;
    let Ok(response) = response else {
        return Err(match signal {
            Some(signal) if signal.aborted() => Stopped::Cancelled,
            _ => Stopped::Failed(format!(
                "The weights file {file} could not be fetched. The models are not stored in this browser yet: connect to the network once and try again."
            )),
        });
    };
    let response: Response = response.unchecked_into();
    if response.ok() {
        Ok(response)
    } else {
        let status = response.status();
        Err(Stopped::Failed(format!(
            "The weights file {file} is missing on the server (HTTP {status}). Tell whoever runs this page; composing works without it."
        )))
    }
}

/// How far loading is.
struct Progress {
    id: RequestId,
    bytes: u64,
    reported: u64,
    total: u64,
}

impl Progress {
    fn add(&mut self, bytes: u64, model: &ModelFile, from_cache: bool) {
        self.bytes += bytes;
        if self.bytes - self.reported >= REPORT_EVERY || self.bytes == self.total {
            self.reported = self.bytes;
            outbox::post(self.id, Reply::Loading(Loading { bytes: self.bytes, total: self.total, from_cache, what: model.name.clone() }));
        }
    }
}

/// One verified shard. A cached copy that fails its check is dropped and fetched again.
async fn shard_bytes(
    shared: &Shared,
    progress: &mut Progress,
    model: &ModelFile,
    shard: &Shard,
    cache: Option<&Cache>,
    signal: Option<&AbortSignal>,
    notes: &mut Vec<String>,
) -> Result<Vec<u8>, Stopped> {
    let url = address(&shard.file)?;
    if let Some(cache) = cache
        && let Some(response) = find(cache, &url).await
    {
        let bytes = match response.array_buffer() {
            Ok(buffer) => JsFuture::from(buffer).await.map(|b| Uint8Array::new(&b).to_vec()),
            Err(error) => Err(error),
        };
        if is_cancelled(shared, progress.id) {
            return Err(Stopped::Cancelled);
        }
        if let Ok(bytes) = bytes
            && shard.verify(&bytes).is_ok()
        {
            progress.add(shard.bytes, model, true);
            return Ok(bytes);
        }
        notes.push(format!("The stored copy of {} was damaged; it was fetched again.", shard.file));
        let _ = JsFuture::from(cache.delete_with_str(&url)).await;
    }
    let response = fetch(&shard.file, signal).await?;
    let bytes = read_body(shared, progress, model, shard, &response, signal).await?;
    shard.verify(&bytes)?;
    if let Some(cache) = cache {
        let stored = match Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(bytes.as_slice()))) {
            Ok(copy) => JsFuture::from(cache.put_with_str(&url, &copy)).await,
            Err(error) => Err(error),
        };
        let note = "The browser has no room to keep the models; they will be loaded anew next time.".to_string();
        if stored.is_err() && !notes.contains(&note) {
            notes.push(note);
        }
    }
    Ok(bytes)
}

/// The body of `response`, reported as it comes.
async fn read_body(
    shared: &Shared,
    progress: &mut Progress,
    model: &ModelFile,
    shard: &Shard,
    response: &Response,
    signal: Option<&AbortSignal>,
) -> Result<Vec<u8>, Stopped> {
    let broken = || match signal {
        Some(signal) if signal.aborted() => Stopped::Cancelled,
        _ => Stopped::Failed(format!(
            "The transfer of the weights file {} broke off. What had arrived before is kept; try again.",
            shard.file
        )),
    };
    let reader: ReadableStreamDefaultReader = response.body().ok_or_else(broken)?.get_reader().unchecked_into();
    let mut bytes = Vec::with_capacity(shard.bytes as usize);
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(|_| broken())?;
        if is_cancelled(shared, progress.id) {
            return Err(Stopped::Cancelled);
        }
        let done = js_sys::Reflect::get(&part, &"done".into()).map_err(|_| broken())?;
        if done.is_truthy() {
            return Ok(bytes);
        }
        let chunk: Uint8Array = js_sys::Reflect::get(&part, &"value".into()).map_err(|_| broken())?.unchecked_into();
        let start = bytes.len();
        let length = chunk.length() as usize;
        if (start + length) as u64 > shard.bytes {
            return Err(ModelError::Corrupt { file: shard.file.clone() }.into());
        }
        bytes.resize(start + length, 0);
        chunk.copy_to(&mut bytes[start..]);
        progress.add(length as u64, model, false);
    }
}

/// The weights cache; `None` where the browser has or allows none.
async fn open_cache() -> Option<Cache> {
    let global = js_sys::global();
    // In an insecure context the property is not there at all.
    if js_sys::Reflect::get(&global, &"caches".into()).is_ok_and(|c| c.is_undefined()) {
        return None;
    }
    let caches = scope().caches().ok()?;
    JsFuture::from(caches.open(CACHE)).await.ok().map(|c| c.unchecked_into())
}

async fn find(cache: &Cache, url: &str) -> Option<Response> {
    let found = JsFuture::from(cache.match_with_str(url)).await.ok()?;
    (!found.is_undefined()).then(|| found.unchecked_into())
}

/// Drops files of earlier versions.
async fn forget_strangers(cache: &Cache, manifest: &Manifest) {
    let wanted: Vec<String> = manifest.models.iter().flat_map(|m| &m.shards).filter_map(|s| address(&s.file).ok()).collect();
    let (Ok(own), Ok(keys)) = (address(""), JsFuture::from(cache.keys()).await) else { return };
    for key in js_sys::Array::from(&keys) {
        let request: web_sys::Request = key.unchecked_into();
        // Another copy of the page on the same host keeps its weights under another address.
        if request.url().starts_with(&own) && !wanted.contains(&request.url()) {
            let _ = JsFuture::from(cache.delete_with_request(&request)).await;
        }
    }
}
