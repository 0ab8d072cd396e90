//! One worker: started at the first call, restarted after it died, messages held until it says that it is
//! ready. A worker that has something to do and is not heard of for too long counts as dead.

use super::call::{CallError, Ends, OpenCalls};
use super::liveness::{LOOK, Liveness, Look};
use super::not_loaded;
use super::program::{Program, Started};
use crate::locks;
use futures_channel::mpsc;
use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use palette_protocol::{Answer, Call, FromWorker, RequestId, ToWorker, wire};
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, Worker};

/// Seconds that a worker may take to load and start; a slow network needs most of it.
const START: u32 = 90;
/// Seconds for which a worker may be silent over a call that says nothing else. It beats while it waits for
/// something, so this is about work in one piece.
const SILENCE: u32 = 25;

const OTHER_VERSION: &str = "The worker's answer could not be read; page and worker may be of different \
    versions. Reload the page.";

/// A worker with its open calls. Cheap to clone; all clones speak to the same worker.
#[derive(Clone)]
pub struct Connection {
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    /// What the worker does, for messages: `solver`, `models`.
    role: &'static str,
    program: Program,
    running: Option<Running>,
    /// Counts the workers started, so that what a worker was told can be told again to the next.
    generation: u32,
    calls: OpenCalls<JsValue>,
    /// Who is told that the worker is silent, and that it is so no more.
    on_news: Option<Rc<dyn Fn(News)>>,
    /// Whether silence was told of last.
    told: bool,
}

/// What is to be told of a worker that has something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// It has been loading for so many seconds.
    Starting(u32),
    /// Nothing has been heard of it for so many seconds; it is ended after so many.
    Silent(u32, u32),
    /// It is heard of again, or has ended.
    Over,
}

struct Running {
    worker: Worker,
    /// Messages that wait until the worker is ready.
    starting: Option<Vec<ToWorker>>,
    liveness: Liveness,
    /// Whether somebody looks after it.
    is_watched: bool,
    /// Listen for as long as they are kept.
    _listeners: [EventListener; 3],
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// A call on its way: a future of its reply. The worker is asked to end a call that is dropped before.
#[must_use = "a call that is dropped is cancelled"]
pub struct Pending<C: Call> {
    connection: Connection,
    id: RequestId,
    ends: Ends<C::Reply, C::Progress>,
    patience: Option<u32>,
}

impl<C: Call> Pending<C> {
    /// Larger for a later call to the same worker.
    pub fn id(&self) -> RequestId {
        self.id
    }

    /// What is told before the reply comes; ends before that.
    pub fn progress(&mut self) -> &mut mpsc::UnboundedReceiver<C::Progress> {
        &mut self.ends.progress
    }

    /// A worker that has not ended the call so many milliseconds after this is dropped is ended with it.
    pub fn patience(self, milliseconds: u32) -> Self {
        let mut this = self;
        this.patience = Some(milliseconds);
        this
    }
}

impl<C: Call> Future for Pending<C> {
    type Output = Result<C::Reply, CallError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.ends.reply).poll(context).map(|reply| reply.unwrap_or(Err(CallError::Cancelled)))
    }
}

impl<C: Call> Drop for Pending<C> {
    fn drop(&mut self) {
        if !self.connection.is_open(self.id) {
            return;
        }
        self.connection.cancel(self.id);
        if let Some(patience) = self.patience {
            let (connection, id) = (self.connection.clone(), self.id);
            let end = move || {
                if connection.is_open(id) {
                    connection.stop();
                }
            };
            Timeout::new(patience, end).forget();
        }
    }
}

impl Connection {
    /// A connection whose worker starts with the first call. It can do all that needs no models.
    pub fn new(role: &'static str) -> Self {
        Connection::to(Program::Solver, role)
    }

    /// The same with a worker that has the models too: a larger program.
    pub fn with_models(role: &'static str) -> Self {
        Connection::to(Program::Models, role)
    }

    fn to(program: Program, role: &'static str) -> Self {
        let calls = OpenCalls::default();
        let inner = Inner { role, program, running: None, generation: 0, calls, on_news: None, told: false };
        Connection { inner: Rc::new(RefCell::new(inner)) }
    }

    /// What the worker does from now on, and who hears news of it.
    pub fn is_now(&self, role: &'static str, on_news: impl Fn(News) + 'static) {
        let mut inner = self.inner.borrow_mut();
        inner.role = role;
        inner.on_news = Some(Rc::new(on_news));
    }

    /// Sends a call at once. It ends with [`CallError::Lost`] when the worker cannot be started or dies.
    pub fn call<C: Call>(&self, call: C) -> Pending<C> {
        self.call_within(SILENCE, call)
    }

    /// The same for a call over which the worker may be silent for so many seconds.
    pub fn call_within<C: Call>(&self, seconds: u32, call: C) -> Pending<C> {
        let read = |answer| wire::from_js::<Answer<C::Reply, C::Progress>>(answer).ok();
        let (id, ends) = self.inner.borrow_mut().calls.open(seconds, read);
        match self.start() {
            Ok(()) => {
                self.post(ToWorker::Call { id, request: call.into() });
                self.watch();
            }
            Err(message) => self.inner.borrow_mut().calls.end_all(&CallError::Lost(message)),
        }
        Pending { connection: self.clone(), id, ends, patience: None }
    }

    /// Asks the worker to end a call; it then ends with [`CallError::Cancelled`].
    pub fn cancel(&self, id: RequestId) {
        if self.is_open(id) {
            self.post(ToWorker::Cancel { id });
        }
    }

    /// Lets the worker rest between two steps of drawing, or go on, unless none runs.
    pub fn hold(&self, paused: bool) {
        self.post(ToWorker::Hold { paused });
    }

    /// Ends the worker, because it seems dead: open calls end with [`CallError::Lost`].
    fn give_up(&self, message: &str) {
        self.end(&CallError::Lost(message.to_owned()));
    }

    /// Ends the worker whatever it does; open calls end with [`CallError::Cancelled`]. The next call starts a
    /// new one.
    pub fn stop(&self) {
        self.end(&CallError::Cancelled);
    }

    /// Which worker answers now, a number that grows with every restart; `None` while none runs.
    pub fn generation(&self) -> Option<u32> {
        let inner = self.inner.borrow();
        inner.running.as_ref().map(|_| inner.generation)
    }

    /// Whether a call has not ended.
    pub fn is_busy(&self) -> bool {
        self.inner.borrow().calls.allowed_silence().is_some()
    }

    fn is_open(&self, id: RequestId) -> bool {
        self.inner.borrow().calls.is_open(id)
    }

    fn start(&self) -> Result<(), String> {
        let mut inner = self.inner.borrow_mut();
        if inner.running.is_some() {
            return Ok(());
        }
        let Started { worker, said, died } = inner.program.start().map_err(|_| {
            format!(
                "This browser could not start the {} worker. Reload the page, or use a browser that \
                has module workers.",
                inner.role
            )
        })?;
        let this = self.clone();
        let on_message = EventListener::new(&worker, "message", move |event| {
            this.receive(event.unchecked_ref::<MessageEvent>().data());
        });
        let on_death = |name: &'static str| {
            let this = self.clone();
            EventListener::new_with_options(
                &worker,
                name,
                EventListenerOptions::enable_prevent_default(),
                move |event| {
                    event.prevent_default();
                    this.died();
                },
            )
        };
        let listeners = [on_message, on_death("messageerror"), on_death("error")];
        inner.generation += 1;
        inner.running = Some(Running {
            worker,
            starting: Some(Vec::new()),
            liveness: Liveness::default(),
            is_watched: false,
            _listeners: listeners,
        });
        drop(inner);
        said.into_iter().for_each(|message| self.receive(message));
        if died {
            self.died();
        }
        Ok(())
    }

    /// Looks after the worker for as long as it has something to do.
    fn watch(&self) {
        let mut inner = self.inner.borrow_mut();
        let generation = inner.generation;
        let Some(running) = inner.running.as_mut() else { return };
        if std::mem::replace(&mut running.is_watched, true) {
            return;
        }
        running.liveness.is_heard();
        drop(inner);
        let this = self.clone();
        spawn_local(async move {
            loop {
                TimeoutFuture::new(LOOK).await;
                if !this.look(generation) {
                    break;
                }
            }
        });
    }

    /// Looks once; whether to look again.
    fn look(&self, generation: u32) -> bool {
        let mut inner = self.inner.borrow_mut();
        let (role, allowed) = (inner.role, inner.calls.allowed_silence());
        if inner.generation != generation {
            return false;
        }
        let Some(running) = inner.running.as_mut() else { return false };
        let starts = running.starting.is_some();
        let Some(allowed) = allowed else {
            running.is_watched = false;
            return false;
        };
        let allowed = if starts { START } else { allowed };
        let look = running.liveness.look(allowed);
        drop(inner);
        match look {
            Look::Well => {}
            Look::Silent(seconds) if starts => self.tell(News::Starting(seconds)),
            Look::Silent(seconds) => self.tell(News::Silent(seconds, allowed)),
            Look::Dead(_) if starts => self.died(),
            Look::Dead(seconds) => self.give_up(&format!(
                "The {role} worker did not answer for {seconds} seconds and was ended. It starts again with \
                    the next request; your palette and samples are kept."
            )),
        }
        true
    }

    fn tell(&self, news: News) {
        let mut inner = self.inner.borrow_mut();
        let told = std::mem::replace(&mut inner.told, news != News::Over);
        let on_news = inner.on_news.clone().filter(|_| told || news != News::Over);
        drop(inner);
        if let Some(on_news) = on_news {
            on_news(news);
        }
    }

    /// The worker lives, and hears.
    fn is_heard(&self) {
        if let Some(running) = self.inner.borrow_mut().running.as_mut() {
            running.liveness.is_heard();
        }
        self.tell(News::Over);
    }

    /// Whoever holds this lock is the worker that runs now.
    fn hear_of_its_end(&self, lock: &str) {
        let (this, generation) = (self.clone(), self.generation());
        locks::when_free(lock, move || {
            if this.generation() == generation {
                this.died();
            }
        });
    }

    /// Posts a message, or keeps it until the worker is ready.
    fn post(&self, message: ToWorker) {
        let mut inner = self.inner.borrow_mut();
        let Some(running) = inner.running.as_mut() else { return };
        if let Some(waiting) = &mut running.starting {
            waiting.push(message);
            return;
        }
        if let Err(reason) = post_to(&running.worker, &message)
            && let ToWorker::Call { id, .. } = message
        {
            let message = format!("The request could not be sent to the worker: {reason}.");
            inner.calls.end(id, CallError::Failed(message));
        }
    }

    fn receive(&self, data: JsValue) {
        self.is_heard();
        match wire::from_js(data) {
            Ok(FromWorker::Ready) => {
                let mut inner = self.inner.borrow_mut();
                let starting = inner.running.as_mut().and_then(|running| running.starting.take());
                drop(inner);
                starting.into_iter().flatten().for_each(|message| self.post(message));
            }
            Ok(FromWorker::Holds { lock }) => self.hear_of_its_end(&lock),
            Ok(FromWorker::Alive) => {}
            Ok(FromWorker::CannotStart(sentence)) => self.give_up(&sentence),
            Ok(FromWorker::Answer { id, answer }) => {
                let heard = self.inner.borrow_mut().calls.hear(id, answer);
                if heard.is_err() {
                    self.give_up(OTHER_VERSION);
                }
            }
            // Page and worker of different versions do not understand each other: nothing later will either.
            Ok(FromWorker::Unreadable) | Err(_) => self.give_up(OTHER_VERSION),
        }
    }

    fn died(&self) {
        let inner = self.inner.borrow();
        let (role, generation, address) = (inner.role, inner.generation, inner.program.address());
        let was_ready = inner.running.as_ref().is_some_and(|running| running.starting.is_none());
        drop(inner);
        if was_ready {
            return self.give_up(&format!(
                "The {role} worker stopped unexpectedly (it may have run out of memory). It starts again \
                with the next request; your palette and samples are kept."
            ));
        }
        let this = self.clone();
        spawn_local(async move {
            let why = not_loaded::why(&address).await;
            if this.generation() == Some(generation) {
                this.give_up(&why);
            }
        });
    }

    /// Ends the worker, and all calls with it.
    fn end(&self, error: &CallError) {
        let mut inner = self.inner.borrow_mut();
        if let Some(running) = inner.running.take() {
            running.worker.terminate();
            // One of its listeners may be running now: they can go only after it has returned.
            Timeout::new(0, move || drop(running)).forget();
        }
        inner.calls.end_all(error);
        drop(inner);
        self.tell(News::Over);
    }
}

fn post_to(worker: &Worker, message: &ToWorker) -> Result<(), String> {
    let value = wire::to_js(message).map_err(|error| error.to_string())?;
    worker
        .post_message_with_transfer(&value, &wire::buffers(&value))
        .map_err(|_| "the browser refused it".to_owned())
}
