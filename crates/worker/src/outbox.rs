//! What leaves the worker.

use std::cell::Cell;

use palette_protocol::{Answer, FromWorker, NoProgress, RequestId, wire};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

thread_local! {
    static CURRENT: Cell<RequestId> = const { Cell::new(0) };
}

/// An answer that says how the request ended, and holds no reply.
pub(super) type Ending = Answer<(), NoProgress>;

/// Posts an answer to request `id`.
pub(super) fn post<R: Serialize, P: Serialize>(id: RequestId, answer: &Answer<R, P>) {
    match wire::to_js(answer) {
        Ok(answer) => post_message(&FromWorker::Answer { id, answer }),
        Err(error) => fail(error.into()),
    }
}

/// Posts what is about no answer, or holds one.
pub(super) fn post_message(message: &FromWorker) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let sent = wire::to_js(message)
        .map_err(Into::into)
        .and_then(|message| scope.post_message_with_transfer(&message, &wire::buffers(&message)));
    if let Err(error) = sent {
        fail(error);
    }
}

/// Nothing else can carry this to the page: its own error event does.
fn fail(error: JsValue) -> ! {
    wasm_bindgen::throw_val(error)
}

/// Names the request that a panic would belong to.
pub(super) fn working_on(id: RequestId) {
    CURRENT.set(id);
}

/// A panic ends its request with a sentence; the trap that follows tells the page to start a new worker.
pub(super) fn report_panics() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let message = "The worker stopped because of a mistake in this program. Nothing that is shown was \
            lost; try again."
            .into();
        post(CURRENT.get(), &Ending::Lost(message));
    }));
}
