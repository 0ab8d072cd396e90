//! What leaves the worker.

use std::cell::Cell;

use palette_protocol::{FromWorker, Reply, RequestId, wire};
use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

thread_local! {
    static CURRENT: Cell<RequestId> = const { Cell::new(0) };
}

/// Posts a reply to request `id`.
pub(super) fn post(id: RequestId, reply: Reply) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let sent = wire::to_js(&FromWorker { id, reply })
        .map_err(Into::into)
        .and_then(|message| scope.post_message(&message));
    if let Err(error) = sent {
        // Nothing else can carry this to the page: its own error event does.
        wasm_bindgen::throw_val(error);
    }
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
        post(CURRENT.get(), Reply::Lost { message });
    }));
}
