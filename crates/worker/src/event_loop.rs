//! Giving way to messages between steps.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// Resolves after the messages that wait now have been delivered. A channel's message rather than a timer:
/// nested timers wait at least 4 ms.
pub(super) async fn until_messages_are_in() {
    let promise = js_sys::Promise::new(&mut |resolve, _| match MessageChannel::new() {
        Ok(channel) => {
            channel.port1().set_onmessage(Some(&resolve));
            if channel.port2().post_message(&JsValue::NULL).is_err() {
                let _ = resolve.call0(&JsValue::NULL);
            }
        }
        // Without a channel the step goes on at once; messages are then read between requests.
        Err(_) => drop(resolve.call0(&JsValue::NULL)),
    });
    let _ = JsFuture::from(promise).await;
}

/// Milliseconds on a clock that never runs backwards.
pub(super) fn now() -> f64 {
    let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    scope.performance().map_or_else(js_sys::Date::now, |p| p.now())
}
