//! One worker: started at the first request, restarted after it died, messages held until it says that it is
//! ready.

use palette_protocol::{FromWorker, Reply, Request, RequestId, ToWorker, wire};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};

/// How long a worker may take to load and start; a slow network needs most of it.
const START: std::time::Duration = std::time::Duration::from_secs(90);

type Listener = Rc<dyn Fn(Reply)>;

/// A worker with its open requests. Cheap to clone; all clones speak to the same worker.
#[derive(Clone)]
pub struct Connection {
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    /// What the worker does, for messages: `solver`, `models`.
    role: &'static str,
    running: Option<Running>,
    /// Counts the workers started, so that what a worker was told can be told again to the next.
    generation: u32,
    last_id: RequestId,
    open: BTreeMap<RequestId, Listener>,
}

struct Running {
    worker: Worker,
    ready: bool,
    /// Messages that wait for [`Reply::Ready`].
    waiting: Vec<ToWorker>,
    // Kept alive for as long as the worker may call them.
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_death: Closure<dyn Fn(Event)>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onmessageerror(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Connection {
    /// A connection whose worker starts with the first request.
    pub fn new(role: &'static str) -> Self {
        let inner = Inner { role, running: None, generation: 0, last_id: 0, open: BTreeMap::new() };
        Connection { inner: Rc::new(RefCell::new(inner)) }
    }

    /// Sends a request; `listener` hears every reply to it, the last of which is final ([`Reply::is_final`]).
    /// A worker that cannot be started or dies ends the request with [`Reply::Lost`].
    pub fn send(&self, request: Request, listener: impl Fn(Reply) + 'static) -> RequestId {
        let id = {
            let mut inner = self.inner.borrow_mut();
            inner.last_id += 1;
            let id = inner.last_id;
            inner.open.insert(id, Rc::new(listener));
            id
        };
        if let Err(message) = self.start() {
            self.end_all(&message);
        } else {
            self.post(ToWorker { id, request });
        }
        id
    }

    /// Asks the worker to end a request; it then ends with [`Reply::Cancelled`].
    pub fn cancel(&self, target: RequestId) {
        if self.is_open(target) {
            self.tell(Request::Cancel { target });
        }
    }

    /// Posts a request that has no reply, unless no worker runs.
    pub fn tell(&self, request: Request) {
        self.post(ToWorker { id: 0, request });
    }

    /// Ends the worker, because it seems dead: open requests end with [`Reply::Lost`].
    pub fn give_up(&self, message: &str) {
        self.stop_with(message);
    }

    /// Whether the request still waits for its final reply.
    pub fn is_open(&self, id: RequestId) -> bool {
        self.inner.borrow().open.contains_key(&id)
    }

    /// Ends the worker whatever it does; open requests end with [`Reply::Cancelled`]. The next request starts
    /// a new one.
    pub fn stop(&self) {
        self.drop_worker();
        let open = std::mem::take(&mut self.inner.borrow_mut().open);
        for listener in open.into_values() {
            listener(Reply::Cancelled);
        }
    }

    /// Which worker answers now, a number that grows with every restart; `None` while none runs.
    pub fn generation(&self) -> Option<u32> {
        let inner = self.inner.borrow();
        inner.running.as_ref().map(|_| inner.generation)
    }

    fn start(&self) -> Result<(), String> {
        if self.inner.borrow().running.is_some() {
            return Ok(());
        }
        let role = self.inner.borrow().role;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        // The worker lives in a versioned folder of its own; by its name it learns where the page, and so the
        // weights, are.
        options.set_name(&page_address());
        let worker = Worker::new_with_options(&script_url(), &options).map_err(|_| {
            format!(
                "This browser could not start the {role} worker. Reload the page, or use a browser that \
                has module workers."
            )
        })?;

        let this = self.clone();
        let on_message =
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| this.receive(event.data()));
        let this = self.clone();
        let on_death = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            event.prevent_default();
            this.died();
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(on_death.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_death.as_ref().unchecked_ref()));

        let this = self.clone();
        let mut inner = self.inner.borrow_mut();
        inner.generation += 1;
        let generation = inner.generation;
        // A script that fails to start without an error event would keep its requests waiting for ever.
        leptos::prelude::set_timeout(move || this.give_up_unless_ready(generation), START);
        inner.running = Some(Running {
            worker,
            ready: false,
            waiting: Vec::new(),
            _on_message: on_message,
            _on_death: on_death,
        });
        Ok(())
    }

    /// Posts a message, or keeps it until the worker is ready.
    fn post(&self, message: ToWorker) {
        let failed = {
            let mut inner = self.inner.borrow_mut();
            let Some(running) = inner.running.as_mut() else { return };
            if !running.ready {
                running.waiting.push(message);
                return;
            }
            let id = message.id;
            match post_to(&running.worker, &message) {
                Ok(()) => None,
                Err(reason) => inner.open.remove(&id).map(|listener| (listener, reason)),
            }
        };
        if let Some((listener, reason)) = failed {
            listener(Reply::Failed {
                message: format!("The request could not be sent to the worker: {reason}."),
            });
        }
    }

    fn receive(&self, data: JsValue) {
        let message: FromWorker = match wire::from_js(data) {
            Ok(message) => message,
            Err(_) => {
                // Page and worker of different versions do not understand each other: nothing later will
                // either.
                self.stop_with(
                    "The worker's answer could not be read; page and worker may be of different \
                    versions. Reload the page.",
                );
                return;
            }
        };
        if let Reply::Ready = message.reply {
            let waiting = {
                let mut inner = self.inner.borrow_mut();
                let Some(running) = inner.running.as_mut() else { return };
                running.ready = true;
                std::mem::take(&mut running.waiting)
            };
            for message in waiting {
                self.post(message);
            }
            return;
        }
        let listener = {
            let mut inner = self.inner.borrow_mut();
            if message.reply.is_final() {
                inner.open.remove(&message.id)
            } else {
                inner.open.get(&message.id).cloned()
            }
        };
        // A reply to a request that was given up has no listener.
        if let Some(listener) = listener {
            listener(message.reply);
        }
    }

    fn give_up_unless_ready(&self, generation: u32) {
        let inner = self.inner.borrow();
        let stuck =
            inner.generation == generation && inner.running.as_ref().is_some_and(|running| !running.ready);
        drop(inner);
        if stuck {
            self.died();
        }
    }

    fn died(&self) {
        let inner = self.inner.borrow();
        let ready = inner.running.as_ref().is_some_and(|running| running.ready);
        let role = inner.role;
        drop(inner);
        self.stop_with(&if ready {
            format!(
                "The {role} worker stopped unexpectedly (it may have run out of memory). It starts again \
                with the next request; your palette and samples are kept."
            )
        } else {
            format!(
                "The {role} worker could not be loaded. Check the connection and try again; what is on \
                the page stays usable."
            )
        });
    }

    fn stop_with(&self, message: &str) {
        self.drop_worker();
        self.end_all(message);
    }

    fn drop_worker(&self) {
        let running = self.inner.borrow_mut().running.take();
        if let Some(running) = running {
            running.worker.terminate();
            // One of its closures may be running now: they can go only after it has returned.
            leptos::prelude::set_timeout(move || drop(running), std::time::Duration::ZERO);
        }
    }

    fn end_all(&self, message: &str) {
        let open = std::mem::take(&mut self.inner.borrow_mut().open);
        for listener in open.into_values() {
            listener(Reply::Lost { message: message.to_owned() });
        }
    }
}

fn post_to(worker: &Worker, message: &ToWorker) -> Result<(), String> {
    let value = wire::to_js(message).map_err(|error| error.to_string())?;
    worker.post_message(&value).map_err(|_| "the browser refused it".to_owned())
}

/// Address that the page's relative links start from.
fn page_address() -> String {
    web_sys::window().and_then(|w| w.document()).and_then(|d| d.base_uri().ok().flatten()).unwrap_or_default()
}

/// The worker's address: what the build wrote into the page, or the plain file beside it.
fn script_url() -> String {
    const PLAIN: &str = "./worker_loader.js";
    leptos::prelude::document()
        .query_selector("meta[name='map-palette-worker']")
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"))
        .filter(|url| !url.is_empty() && url != "__WORKER__")
        .unwrap_or_else(|| PLAIN.to_owned())
}
