//! Signs of life, by which the page tells a worker that is busy from one that is gone.

use super::outbox;
use super::state::Shared;
use js_sys::{Function, Promise, Reflect};
use palette_protocol::FromWorker;
use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

/// Milliseconds from one beat to the next.
const BEAT: i32 = 3_000;

/// Beats from now on whenever something is at work, and holds a lock for as long as the worker lives.
pub(super) fn show(shared: Shared) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let beat = Closure::<dyn FnMut()>::new(move || {
        // After a panic the state stays borrowed; the page then ends this worker.
        if shared.try_borrow().is_ok_and(|state| state.at_work > 0) {
            outbox::post_message(&FromWorker::Alive);
        }
    });
    // Without beats the page still hears answers and progress.
    let _ = scope.set_interval_with_callback_and_timeout_and_arguments_0(beat.as_ref().unchecked_ref(), BEAT);
    beat.forget();
    hold_lock(&scope);
}

/// The browser frees the lock when the worker ends, however it ends: whoever waits for it then knows. Where
/// there are no locks (an insecure context) the page has its deadlines.
fn hold_lock(scope: &DedicatedWorkerGlobalScope) {
    let part = |of: &JsValue, name: &str| Reflect::get(of, &name.into());
    let Ok(locks) = part(scope, "navigator").and_then(|navigator| part(&navigator, "locks")) else { return };
    let Ok(request) = part(&locks, "request").and_then(JsCast::dyn_into::<Function>) else {
        return;
    };
    let name = format!("map-palette-worker-{}-{}", js_sys::Date::now(), js_sys::Math::random());
    let lock = name.clone();
    let granted = Closure::once_into_js(move |_: JsValue| {
        outbox::post_message(&FromWorker::Holds { lock });
        // Held for as long as this is pending: for ever.
        Promise::new(&mut |_, _| ())
    });
    let Ok(held) = request.call2(&locks, &name.into(), &granted).and_then(JsCast::dyn_into::<Promise>) else {
        return;
    };
    // A lock that is refused is done without.
    wasm_bindgen_futures::spawn_local(async move { drop(wasm_bindgen_futures::JsFuture::from(held).await) });
}
