//! The worker's side: one loop; a request comes in, progress and a reply go out.

mod drawing;
mod event_loop;
mod outbox;
mod state;
mod store;
mod task_error;
mod tasks;

use std::rc::Rc;

use palette_protocol::{Reply, Request, ToWorker, wire};
use state::Shared;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Starts listening. Called once by the worker's entry.
pub fn start() {
    outbox::report_panics();
    let state: Shared = Rc::default();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        match wire::from_js::<ToWorker>(event.data()) {
            Ok(message) => receive(&state, message),
            Err(error) => outbox::post(
                0,
                Reply::Failed {
                    message: format!(
                        "The worker was sent something that it does not understand: {error}. Reload the page."
                    ),
                },
            ),
        }
    });
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget();
    outbox::post(0, Reply::Ready);
}

fn receive(shared: &Shared, message: ToWorker) {
    let mut state = shared.borrow_mut();
    if let Request::Cancel { target } = message.request {
        match &state.current {
            Some((id, abort)) if *id == target => {
                if let Some(abort) = abort {
                    abort.abort();
                }
                state.cancelled.insert(target);
            }
            _ => {
                let waits = state.waiting.iter().position(|w| w.id == target);
                if let Some(removed) = waits.and_then(|at| state.waiting.remove(at)) {
                    outbox::post(removed.id, Reply::Cancelled);
                }
            }
        }
        return;
    }
    if let Request::Hold { paused } = message.request {
        state.held = paused;
        return;
    }
    // Looking into the cache needs no turn: it can be asked while a model loads.
    if matches!(message.request, Request::Stored) {
        let shared = shared.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let reply = tasks::answer(&shared, message.id, message.request).await;
            outbox::post(message.id, reply);
        });
        return;
    }
    // A newer palette overtakes one that still waits.
    if matches!(message.request, Request::Solve { .. }) {
        state.waiting.retain(|w| {
            let overtaken = matches!(w.request, Request::Solve { .. });
            if overtaken {
                outbox::post(w.id, Reply::Cancelled);
            }
            !overtaken
        });
    }
    state.waiting.push_back(message);
    if !state.running {
        state.running = true;
        wasm_bindgen_futures::spawn_local(work(shared.clone()));
    }
}

async fn work(shared: Shared) {
    loop {
        // Whatever has been posted meanwhile arrives before the next request is taken: so only the newest
        // palette is solved.
        event_loop::until_messages_are_in().await;
        let Some(message) = shared.borrow_mut().waiting.pop_front() else { break };
        shared.borrow_mut().current = Some((message.id, web_sys::AbortController::new().ok()));
        outbox::working_on(message.id);
        let reply = tasks::answer(&shared, message.id, message.request).await;
        let mut state = shared.borrow_mut();
        state.cancelled.remove(&message.id);
        state.current = None;
        drop(state);
        outbox::working_on(0);
        outbox::post(message.id, reply);
    }
    shared.borrow_mut().running = false;
}
