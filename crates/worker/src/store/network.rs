//! Weights and their list from where the page came from.

use super::progress::Progress;
use crate::task_error::TaskError;
use js_sys::Uint8Array;
use palette_weights::WeightsError;
use palette_weights::manifest::{Manifest, ModelFile, Shard};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, DedicatedWorkerGlobalScope, ReadableStreamDefaultReader, RequestInit, Response, Url,
};

pub(super) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Address of a weights file. The page gives its own address as the worker's name: the worker's folder is
/// another one.
pub(super) fn address(file: &str) -> Result<String, TaskError> {
    let base = scope().name();
    let base = if base.is_empty() { scope().location().href() } else { base };
    Url::new_with_base(&format!("weights/{file}"), &base).map(|u| u.href()).map_err(|_| {
        TaskError::Failed(format!("The address of the weights file {file} cannot be made from {base}."))
    })
}

/// The list of all weights.
pub(super) async fn manifest(signal: Option<&AbortSignal>) -> Result<Manifest, TaskError> {
    let response = fetch("manifest.json", signal).await?;
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await,
        Err(error) => Err(error),
    };
    let text = text.ok().and_then(|t| t.as_string()).ok_or_else(|| match signal {
        Some(signal) if signal.aborted() => TaskError::Cancelled,
        _ => TaskError::Failed(
            "The list of weights could not be read. Check the connection and try again.".into(),
        ),
    })?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|e| {
        TaskError::Failed(format!(
            "The list of weights (weights/manifest.json) is not what this page expects: {e}. Reload the page."
        ))
    })?;
    manifest.check()?;
    Ok(manifest)
}

/// A response with a good status.
pub(super) async fn fetch(file: &str, signal: Option<&AbortSignal>) -> Result<Response, TaskError> {
    let init = RequestInit::new();
    init.set_signal(signal);
    let response = JsFuture::from(scope().fetch_with_str_and_init(&address(file)?, &init)).await;
    let Ok(response) = response else {
        return Err(match signal {
            Some(signal) if signal.aborted() => TaskError::Cancelled,
            _ => TaskError::Failed(format!(
                "The weights file {file} could not be fetched. The models are not stored in this browser \
                    yet: connect to the network once and try again."
            )),
        });
    };
    let response: Response = response.unchecked_into();
    if response.ok() {
        Ok(response)
    } else {
        let status = response.status();
        Err(TaskError::Failed(format!(
            "The weights file {file} is missing on the server (HTTP {status}). Tell whoever runs this page; \
                composing works without it."
        )))
    }
}

/// The body of `response`, reported as it comes.
pub(super) async fn read_body(
    progress: &mut Progress<'_>,
    model: &ModelFile,
    shard: &Shard,
    response: &Response,
    signal: Option<&AbortSignal>,
) -> Result<Vec<u8>, TaskError> {
    let broken = || match signal {
        Some(signal) if signal.aborted() => TaskError::Cancelled,
        _ => TaskError::Failed(format!(
            "The transfer of the weights file {} broke off. What had arrived before is kept; try again.",
            shard.file
        )),
    };
    let reader: ReadableStreamDefaultReader =
        response.body().ok_or_else(broken)?.get_reader().unchecked_into();
    let mut bytes = Vec::with_capacity(shard.bytes as usize);
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(|_| broken())?;
        progress.work.go_on()?;
        let done = js_sys::Reflect::get(&part, &"done".into()).map_err(|_| broken())?;
        if done.is_truthy() {
            return Ok(bytes);
        }
        let chunk: Uint8Array =
            js_sys::Reflect::get(&part, &"value".into()).map_err(|_| broken())?.unchecked_into();
        let start = bytes.len();
        let length = chunk.length() as usize;
        if (start + length) as u64 > shard.bytes {
            return Err(WeightsError::Corrupt { file: shard.file.clone() }.into());
        }
        bytes.resize(start + length, 0);
        chunk.copy_to(&mut bytes[start..]);
        progress.add(length as u64, &model.name, false);
    }
}
