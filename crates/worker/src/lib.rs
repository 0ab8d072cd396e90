//! The worker's side: one loop; a request comes in, progress and a reply go out.

#[cfg(feature = "models")]
mod drawing;
mod event_loop;
mod grading;
mod importing;
mod life;
#[cfg(feature = "models")]
mod modelling;
mod outbox;
#[cfg(feature = "models")]
mod pauses;
mod sets;
mod state;
#[cfg(feature = "models")]
mod store;
mod studying;
mod task;
mod task_error;
mod tasks;

use std::rc::Rc;

#[cfg(feature = "models")]
use modelling::run;
#[cfg(not(feature = "models"))]
use tasks::run;

use outbox::Ending;
use palette_protocol::{FromWorker, Request, RequestId, ToWorker, wire};
use state::{Shared, State};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Starts listening. Called once by the worker's entry.
pub fn start() {
    outbox::report_panics();
    let shared: Shared = Rc::default();
    let shared_by_life = shared.clone();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        match wire::from_js::<ToWorker>(event.data()) {
            Ok(ToWorker::Call { id, request }) => receive(&shared, id, request),
            Ok(ToWorker::Cancel { id }) => cancel(&mut shared.borrow_mut(), id),
            Ok(ToWorker::Hold { paused }) => shared.borrow_mut().held = paused,
            Err(_) => outbox::post_message(&FromWorker::Unreadable),
        }
    });
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget();
    outbox::post_message(&FromWorker::Ready);
    life::show(shared_by_life);
}

fn cancel(state: &mut State, target: RequestId) {
    if state.current == Some(target) {
        state.cancelled.insert(target);
    } else if let Some(at) = state.waiting.iter().position(|(id, _)| *id == target) {
        state.waiting.remove(at);
        outbox::post(target, &Ending::Cancelled);
    }
}

fn receive(shared: &Shared, id: RequestId, request: Request) {
    // Looking into the cache needs no turn: it can be asked while a model loads. Nor does keeping a table, for
    // which nobody should have to wait.
    if matches!(request, Request::Stored(_) | Request::Keep(_)) {
        spawn_local(run(shared.clone(), id, request));
        return;
    }
    let mut state = shared.borrow_mut();
    // A newer palette overtakes one that still waits.
    if matches!(request, Request::Solve(_)) {
        state.waiting.retain(|(id, waiting)| {
            let overtaken = matches!(waiting, Request::Solve(_));
            if overtaken {
                outbox::post(*id, &Ending::Cancelled);
            }
            !overtaken
        });
    }
    state.waiting.push_back((id, request));
    if !state.running {
        state.running = true;
        spawn_local(work(shared.clone()));
    }
}

async fn work(shared: Shared) {
    loop {
        // Whatever has been posted meanwhile arrives before the next request is taken: so only the newest
        // palette is solved.
        event_loop::until_messages_are_in().await;
        let Some((id, request)) = shared.borrow_mut().waiting.pop_front() else { break };
        shared.borrow_mut().current = Some(id);
        outbox::working_on(id);
        run(shared.clone(), id, request).await;
        outbox::working_on(0);
    }
    shared.borrow_mut().running = false;
}
