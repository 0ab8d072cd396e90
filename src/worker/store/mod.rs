//! Weights from the network or the browser's cache, verified against the manifest before anything is made of them.

use super::stopped::Stopped;
use super::{Shared, is_cancelled, outbox};
use crate::model::ModelError;
use crate::model::manifest::{Manifest, ModelFile, Shard};
use crate::model::tensors::{GgufFile, Tensors};
use crate::protocol::{Loading, OwnModel, Reply, RequestId, Store, StoredModel};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Blob, Cache, DedicatedWorkerGlobalScope, ReadableStreamDefaultReader, RequestInit, Response, Url};

pub(super) const LANGUAGE_MODEL: &str = "language-model";
pub(super) const ENCODER: &str = "encoder";
/// The service worker leaves this cache alone.
const CACHE: &str = "map-palette-weights";
/// Bytes between progress reports.
const REPORT_EVERY: u64 = 1 << 20;
/// Bytes of a model of the person's that are read first, in the hope that its description ends there; and the most that a description may have.
const HEAD: u64 = 4 << 20;
const LARGEST_HEAD: u64 = 64 << 20;
const NO_CACHE: &str = "This browser lets the page keep no files (a private window, or a page that is not served securely), so the models are loaded anew each time.";
const NO_ROOM: &str = "The browser has no room to keep the models; they will be loaded anew next time.";
const NO_ROOM_TO_LOAD: &str = "The browser has no room to keep this model, so loading it ahead was stopped. Free some space and try again, or generate all the same: the models are then loaded anew each time.";

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

/// Weights being loaded for one request.
pub(super) struct Loads<'a> {
    shared: &'a Shared,
    signal: Option<AbortSignal>,
    manifest: Manifest,
    cache: Option<Cache>,
    progress: Progress,
    notes: Vec<String>,
}

impl<'a> Loads<'a> {
    /// Loading of `models` and, beside them, of `more` bytes.
    pub(super) async fn start(shared: &'a Shared, id: RequestId, models: &[&str], more: u64) -> Result<Self, Stopped> {
        let signal = shared.borrow().current.as_ref().and_then(|(_, abort)| abort.as_ref().map(|a| a.signal()));
        let manifest = manifest(signal.as_ref()).await?;
        let cache = open_cache().await;
        let mut total = more;
        for model in models {
            total += bytes_of(manifest.model(model)?);
        }
        let progress = Progress { id, bytes: 0, reported: 0, total };
        Ok(Loads { shared, signal, manifest, cache, progress, notes: Vec::new() })
    }

    /// Loads and verifies a model, from the cache where it is there. A shard's bytes go as soon as its tensors are packed.
    pub(super) async fn tensors(&mut self, id: &str) -> Result<Tensors, Stopped> {
        let model = self.manifest.model(id)?.clone();
        let mut tensors = Tensors::default();
        for shard in &model.shards {
            let bytes = self.shard(&model, shard).await?;
            tensors.add_shard(&bytes)?;
        }
        Ok(tensors)
    }

    /// Brings what is missing of a model into the cache.
    async fn fetch(&mut self, id: &str) -> Result<(), Stopped> {
        let model = self.manifest.model(id)?.clone();
        for shard in &model.shards {
            let stored = match &self.cache {
                Some(cache) => find(cache, &address(&shard.file)?).await.is_some(),
                None => false,
            };
            if stored {
                self.progress.add(shard.bytes, &model.name, true);
            } else {
                self.shard(&model, shard).await?;
                // What cannot be kept is not worth loading for later.
                if self.notes.iter().any(|note| note == NO_ROOM) {
                    return Err(Stopped::Failed(NO_ROOM_TO_LOAD.into()));
                }
            }
        }
        Ok(())
    }

    /// A model from the person's disk, read tensor by tensor.
    pub(super) async fn own(&mut self, own: &OwnModel) -> Result<Tensors, Stopped> {
        let gone = || Stopped::Failed(format!("The file {} cannot be read any more. Choose it again.", own.name));
        let response = JsFuture::from(scope().fetch_with_str(&own.url)).await.map_err(|_| gone())?;
        let blob: Blob =
            JsFuture::from(response.unchecked_into::<Response>().blob().map_err(|_| gone())?).await.map_err(|_| gone())?.unchecked_into();
        let unusable = |error: ModelError| Stopped::Failed(format!("{} cannot be used. {error}", own.name));
        let piece = async |from: u64, to: u64| -> Result<Vec<u8>, Stopped> {
            let slice = blob.slice_with_f64_and_f64(from as f64, to as f64).map_err(|_| gone())?;
            let buffer = JsFuture::from(slice.array_buffer()).await.map_err(|_| gone())?;
            Ok(Uint8Array::new(&buffer).to_vec())
        };
        let mut head = HEAD.min(own.bytes);
        let file = loop {
            match GgufFile::read(&piece(0, head).await?, own.bytes) {
                Ok(file) => break file,
                Err(ModelError::Format(_)) if head < own.bytes.min(LARGEST_HEAD) => head = (head * 4).min(own.bytes),
                Err(error) => return Err(unusable(error)),
            }
        };
        file.check().map_err(unusable)?;
        let (places, mut tensors) = file.into_tensors();
        for place in places {
            if is_cancelled(self.shared, self.progress.id) {
                return Err(Stopped::Cancelled);
            }
            tensors.add(&place, &piece(place.start, place.end).await?).map_err(unusable)?;
            self.progress.add(place.end - place.start, &own.name, true);
        }
        Ok(tensors)
    }

    /// Plain sentences about how loading went.
    pub(super) async fn end(mut self) -> Vec<String> {
        match &self.cache {
            Some(cache) => forget_strangers(cache, &self.manifest).await,
            None => self.notes.push(NO_CACHE.into()),
        }
        self.notes
    }

    /// One verified shard. A cached copy that fails its check is dropped and fetched again.
    async fn shard(&mut self, model: &ModelFile, shard: &Shard) -> Result<Vec<u8>, Stopped> {
        let url = address(&shard.file)?;
        if let Some(cache) = &self.cache
            && let Some(response) = find(cache, &url).await
        {
            let bytes = body(&response).await;
            if is_cancelled(self.shared, self.progress.id) {
                return Err(Stopped::Cancelled);
            }
            if let Some(bytes) = bytes
                && shard.verify(&bytes).is_ok()
            {
                self.progress.add(shard.bytes, &model.name, true);
                return Ok(bytes);
            }
            self.notes.push(format!("The stored copy of {} was damaged; it was fetched again.", shard.file));
            let _ = JsFuture::from(cache.delete_with_str(&url)).await;
        }
        let response = fetch(&shard.file, self.signal.as_ref()).await?;
        let bytes = read_body(self.shared, &mut self.progress, model, shard, &response, self.signal.as_ref()).await?;
        shard.verify(&bytes)?;
        if let Some(cache) = &self.cache {
            let stored = match Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(bytes.as_slice()))) {
                Ok(copy) => JsFuture::from(cache.put_with_str(&url, &copy)).await,
                Err(error) => Err(error),
            };
            let note = NO_ROOM.to_string();
            if stored.is_err() && !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        Ok(bytes)
    }
}

/// What the cache holds of each model.
pub(super) async fn stored() -> Result<Store, Stopped> {
    let cache = open_cache().await;
    let mut models = Vec::new();
    for model in manifest(None).await?.models {
        let (mut stored_bytes, mut stored_shards) = (0, 0);
        if let Some(cache) = &cache {
            for shard in &model.shards {
                if find(cache, &address(&shard.file)?).await.is_some() {
                    stored_bytes += shard.bytes;
                    stored_shards += 1;
                }
            }
        }
        let (bytes, shards) = (bytes_of(&model), model.shards.len());
        let ModelFile { id, name, licence, source, .. } = model;
        models.push(StoredModel { id, name, licence, source, bytes, stored_bytes, shards, stored_shards });
    }
    Ok(Store { models, keeps: cache.is_some() })
}

/// Brings what is missing of a model into the cache. The notes say when it could not be kept.
pub(super) async fn fetch_model(shared: &Shared, id: RequestId, model: &str) -> Result<Vec<String>, Stopped> {
    let mut loads = Loads::start(shared, id, &[model], 0).await?;
    if loads.cache.is_none() {
        return Err(Stopped::Failed(NO_CACHE.into()));
    }
    loads.fetch(model).await?;
    Ok(loads.end().await)
}

/// Checks every cached shard of a model, and drops those that fail; returns their names.
pub(super) async fn verify(shared: &Shared, id: RequestId, model: &str) -> Result<Vec<String>, Stopped> {
    let mut loads = Loads::start(shared, id, &[model], 0).await?;
    let Some(cache) = loads.cache.take() else { return Err(Stopped::Failed(NO_CACHE.into())) };
    let model = loads.manifest.model(model)?.clone();
    let mut broken = Vec::new();
    for shard in &model.shards {
        let url = address(&shard.file)?;
        if let Some(response) = find(&cache, &url).await
            && body(&response).await.is_none_or(|bytes| shard.verify(&bytes).is_err())
        {
            let _ = JsFuture::from(cache.delete_with_str(&url)).await;
            broken.push(shard.file.clone());
        }
        if is_cancelled(shared, id) {
            return Err(Stopped::Cancelled);
        }
        loads.progress.add(shard.bytes, &model.name, true);
    }
    Ok(broken)
}

/// Deletes the cached files of a model, and those of earlier versions.
pub(super) async fn delete(model: &str) -> Result<(), Stopped> {
    let Some(cache) = open_cache().await else { return Err(Stopped::Failed(NO_CACHE.into())) };
    let manifest = manifest(None).await?;
    for shard in &manifest.model(model)?.shards {
        JsFuture::from(cache.delete_with_str(&address(&shard.file)?)).await.map_err(|_| {
            Stopped::Failed("The browser refused to delete the cached models. Clear the site's data in its settings.".into())
        })?;
    }
    forget_strangers(&cache, &manifest).await;
    Ok(())
}

fn bytes_of(model: &ModelFile) -> u64 {
    model.shards.iter().map(|shard| shard.bytes).sum()
}

/// The whole body of a cached response; `None` when it cannot be read.
async fn body(response: &Response) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

async fn manifest(signal: Option<&AbortSignal>) -> Result<Manifest, Stopped> {
    let response = fetch("manifest.json", signal).await?;
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await,
        Err(error) => Err(error),
    };
    let text = text.ok().and_then(|t| t.as_string()).ok_or_else(|| match signal {
        Some(signal) if signal.aborted() => Stopped::Cancelled,
        _ => Stopped::Failed("The list of weights could not be read. Check the connection and try again.".into()),
    })?;
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
    fn add(&mut self, bytes: u64, what: &str, from_cache: bool) {
        self.bytes += bytes;
        if self.bytes - self.reported >= REPORT_EVERY || self.bytes == self.total {
            self.reported = self.bytes;
            outbox::post(self.id, Reply::Loading(Loading { bytes: self.bytes, total: self.total, from_cache, what: what.to_owned() }));
        }
    }
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
        progress.add(length as u64, &model.name, false);
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
