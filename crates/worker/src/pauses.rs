//! Waiting for some time, or for something no longer than some time.

use futures_util::future::{Either, select};
use std::pin::pin;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Resolves after a tenth of a second.
pub(super) async fn a_moment() {
    pause(100).await;
}

/// Resolves after so many milliseconds.
pub(super) async fn pause(milliseconds: i32) {
    let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if scope.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds).is_err() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// What a promise comes to; `None` when it has come to nothing after so many milliseconds.
pub(super) async fn within(promise: js_sys::Promise, milliseconds: i32) -> Option<Result<JsValue, JsValue>> {
    match select(JsFuture::from(promise), pin!(pause(milliseconds))).await {
        Either::Left((result, _)) => Some(result),
        Either::Right(_) => None,
    }
}
