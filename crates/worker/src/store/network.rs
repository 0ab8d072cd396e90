//! Weights and their list from where the page came from.

use crate::pauses::pause;
use crate::task::Work;
use crate::task_error::TaskError;
use futures_util::future::{Either, select};
use js_sys::Promise;
use palette_weights::manifest::Manifest;
use std::pin::pin;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, DedicatedWorkerGlobalScope, Headers, RequestInit, Response, Url};

pub(super) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Whether the page is one file, whose worker is handed what it may fetch (scripts/one-file/worker.js).
pub(super) fn is_carried() -> bool {
    js_sys::Reflect::has(&js_sys::global(), &"mapPaletteCarried".into()).unwrap_or(false)
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

/// Seconds without a byte after which a transfer counts as stalled.
pub(super) const STALLED: u32 = 20;
/// Seconds of silence between two times that it is told of.
const TELL_EVERY: u32 = 5;
/// Milliseconds between two looks whether the request was cancelled.
const LOOK: u32 = 250;
/// HTTP status of a part of a file.
pub(super) const PARTIAL: u16 = 206;
/// Times that the list of weights is asked for.
const MOST_ATTEMPTS: u32 = 2;

/// Why a transfer did not come to its end.
pub(super) enum Interrupted {
    /// Nothing came any more; it can be begun again.
    Stalled,
    Ended(TaskError),
}

impl From<TaskError> for Interrupted {
    fn from(error: TaskError) -> Self {
        Interrupted::Ended(error)
    }
}

/// One attempt, which is aborted when this goes.
pub(super) struct Transfer<'a> {
    work: Option<&'a Work>,
    abort: Option<AbortController>,
}

impl Drop for Transfer<'_> {
    fn drop(&mut self) {
        if let Some(abort) = &self.abort {
            abort.abort();
        }
    }
}

impl<'a> Transfer<'a> {
    /// For a request that may be cancelled, or for one that may not.
    pub(super) fn new(work: Option<&'a Work>) -> Self {
        Transfer { work, abort: AbortController::new().ok() }
    }

    /// What the promise comes to. `tell` hears for how many seconds nothing has come.
    pub(super) async fn watch(
        &self,
        promise: Promise,
        tell: &mut dyn FnMut(u32),
    ) -> Result<Result<JsValue, JsValue>, Interrupted> {
        let mut waiting = JsFuture::from(promise);
        // Looks are counted, not seconds: a computer that slept has not waited.
        for look in 1.. {
            waiting = match select(waiting, pin!(pause(LOOK as i32))).await {
                Either::Left((result, _)) => return Ok(result),
                Either::Right(((), waiting)) => waiting,
            };
            if let Some(work) = self.work {
                work.go_on()?;
            }
            let silent = look * LOOK;
            if silent >= 1000 * STALLED {
                break;
            }
            if silent.is_multiple_of(1000 * TELL_EVERY) {
                tell(silent / 1000);
            }
        }
        Err(Interrupted::Stalled)
    }
}

/// The list of all weights.
pub(super) async fn manifest(work: Option<&Work>) -> Result<Manifest, TaskError> {
    const FILE: &str = "manifest.json";
    let mut attempts = 0;
    let text = loop {
        let transfer = Transfer::new(work);
        let read = async {
            let response = fetch(FILE, 0, &transfer, &mut |_| ()).await?;
            let Ok(text) = response.text() else { return Ok(None) };
            Ok(transfer.watch(text, &mut |_| ()).await?.ok().and_then(|text| text.as_string()))
        };
        match read.await {
            Ok(text) => break text,
            Err(Interrupted::Ended(error)) => return Err(error),
            Err(Interrupted::Stalled) => attempts += 1,
        }
        if attempts >= MOST_ATTEMPTS {
            break None;
        }
    };
    let text = text.ok_or_else(|| {
        TaskError::Failed("The list of weights could not be read. Check the connection and try again.".into())
    })?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|e| {
        TaskError::Failed(format!(
            "The list of weights (weights/manifest.json) is not what this page expects: {e}. Reload the page."
        ))
    })?;
    manifest.check()?;
    Ok(manifest)
}

/// A response with a good status, to the file from byte `start` on where the server sends parts.
pub(super) async fn fetch(
    file: &str,
    start: usize,
    transfer: &Transfer<'_>,
    tell: &mut dyn FnMut(u32),
) -> Result<Response, Interrupted> {
    let failed = |message: String| Interrupted::Ended(TaskError::Failed(message));
    let not_fetched = || {
        failed(format!(
            "The weights file {file} could not be fetched. The models are not stored in this browser yet: \
                connect to the network once and try again."
        ))
    };
    let init = RequestInit::new();
    init.set_signal(transfer.abort.as_ref().map(AbortController::signal).as_ref());
    if start > 0 {
        let headers = Headers::new().map_err(|_| not_fetched())?;
        headers.set("Range", &format!("bytes={start}-")).map_err(|_| not_fetched())?;
        init.set_headers(&headers);
    }
    let sent = scope().fetch_with_str_and_init(&address(file)?, &init);
    let response: Response = transfer.watch(sent, tell).await?.map_err(|_| not_fetched())?.unchecked_into();
    if response.ok() {
        return Ok(response);
    }
    if is_carried() {
        return Err(failed(
            "The models of this page are in a second file, which has not been chosen yet. Choose it in \
                Models."
                .into(),
        ));
    }
    let status = response.status();
    Err(failed(format!(
        "The weights file {file} is missing on the server (HTTP {status}). Tell whoever runs this page; \
            composing works without it."
    )))
}
