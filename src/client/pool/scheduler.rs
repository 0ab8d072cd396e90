//! A job on the workers: each is prepared, then draws one prompt after another until none is left or it is
//! lost.

use super::job::{Ending, Event, Job, Tally};
use super::queue::Queue;
use super::stopwatch::Stopwatch;
use super::worker::{PoolWorker, ROLE};
use crate::client::{CallError, News, clock};
use futures_util::StreamExt;
use futures_util::future::{Either, join_all, select};
use palette_protocol::Prepared;
use palette_protocol::calls::{Draw, Prepare};
use palette_tables::Drawn;
use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;

/// Milliseconds that a worker may take to end what was cancelled before it is ended with it.
const PATIENCE: u32 = 4_000;
/// Seconds for which a worker may be silent while it draws: reading a long prompt is work in one piece.
const SILENCE: u32 = 30;
/// Seconds of silence that are told of.
const LONG: u32 = 15;
/// Times that a worker is started again within one job.
const MOST_RESTARTS: u32 = 3;

/// A job with the workers that it runs on.
pub(super) struct Schedule {
    job: Job,
    workers: Vec<Rc<PoolWorker>>,
    queue: Queue,
    listener: Rc<dyn Fn(Event)>,
    /// After the end nothing more is told.
    ended: Cell<bool>,
    paused: Cell<bool>,
    /// Whether a worker has been ready; from then on time counts.
    ready: Cell<bool>,
    /// Workers that draw, or will.
    useful: Cell<usize>,
    /// Tokens of the answers that are finished.
    tokens: Cell<usize>,
    stopwatch: RefCell<Stopwatch>,
}

impl Schedule {
    pub(super) fn new(job: Job, workers: Vec<Rc<PoolWorker>>, listener: impl Fn(Event) + 'static) -> Self {
        workers.iter().for_each(|worker| worker.tokens.set(0));
        Schedule {
            queue: Queue::new(job.prompts.len()),
            job,
            workers,
            listener: Rc::new(listener),
            ended: Cell::new(false),
            paused: Cell::new(false),
            ready: Cell::new(false),
            useful: Cell::new(0),
            tokens: Cell::new(0),
            stopwatch: RefCell::default(),
        }
    }

    /// Draws all prompts. Where this is dropped, the workers are asked to end what they do.
    pub(super) async fn run(&self) -> Ending {
        let Some(first) = self.workers.first() else { return Ending::Failed("There is no worker.".into()) };
        // The first loads the models alone: the others then find them in the cache, and where it fails they
        // would fail for the same reason.
        if let Err(message) = self.prepare(first, true).await {
            return Ending::Failed(message);
        }
        self.ready.set(true);
        self.hold_stopwatch();
        // More workers than prompts would only load.
        let useful = self.workers.len().min(self.job.prompts.len());
        self.useful.set(useful);
        let drawing =
            join_all(self.workers[..useful].iter().enumerate().map(|(at, w)| self.work(w, at == 0)));
        match select(pin!(self.queue.ending()), pin!(drawing)).await {
            Either::Left((ending, _)) => ending,
            // No worker is left, but prompts are, or the last of them has just been settled.
            Either::Right((lost, ending)) => {
                let lost = lost.into_iter().flatten().last();
                match lost {
                    Some(message) if !self.queue.is_settled() => Ending::Failed(message),
                    _ => ending.await,
                }
            }
        }
    }

    /// All that one worker does in this job; why it ended when that was not for want of prompts.
    async fn work(&self, worker: &PoolWorker, mut is_ready: bool) -> Option<String> {
        let mut restarts = 0;
        loop {
            let prepared =
                if std::mem::take(&mut is_ready) { Ok(()) } else { self.prepare(worker, false).await };
            let message = match prepared {
                Ok(()) => self.draw_prompts(worker).await?,
                Err(message) => {
                    restarts = MOST_RESTARTS;
                    message
                }
            };
            restarts += 1;
            if restarts <= MOST_RESTARTS {
                continue;
            }
            self.useful.set(self.useful.get() - 1);
            if self.useful.get() > 0 {
                self.tell(Event::Note(format!("One worker fewer draws: {message}")));
            }
            return Some(message);
        }
    }

    /// Loads the models into a worker, unless they are there. The error is a sentence.
    async fn prepare(&self, worker: &PoolWorker, is_first: bool) -> Result<(), String> {
        let config = &self.job.config;
        let prepared = match worker.prepared_with(config) {
            // Each job is told once more what its answers will be rewarded for.
            Some(prepared) => Prepared { notes: Vec::new(), ..prepared },
            None => {
                let prepared = match self.load(worker, is_first).await {
                    // Another may fare better: the browser may have ended this one for room.
                    Err(CallError::Lost(_)) => self.load(worker, is_first).await,
                    loaded => loaded,
                };
                let prepared = prepared.map_err(|error| {
                    error.message().unwrap_or("A worker was ended while it loaded the models.".to_owned())
                })?;
                worker.is_prepared(config, &prepared);
                if self.paused.get() {
                    worker.connection.hold(true);
                }
                prepared
            }
        };
        let workers = self.workers.iter().filter(|worker| worker.prepared_with(config).is_some()).count();
        self.tell(Event::Ready { workers, prepared });
        Ok(())
    }

    async fn load(&self, worker: &PoolWorker, is_first: bool) -> Result<Prepared, CallError> {
        let config = self.job.config.clone();
        self.listen(worker);
        let mut call = worker.connection.call(Prepare { config }).patience(PATIENCE);
        while let Some(loading) = call.progress().next().await {
            if is_first {
                self.tell(Event::Loading(loading));
            }
        }
        call.await
    }

    /// Tells once when the worker is silent for long.
    fn listen(&self, worker: &PoolWorker) {
        let (listener, told) = (self.listener.clone(), Cell::new(false));
        worker.connection.is_now(ROLE, move |news| {
            let is_long = matches!(news, News::Starting(s) | News::Silent(s, _) if s >= LONG);
            if is_long && !told.replace(true) {
                listener(Event::Note(
                    "A worker that draws has not been heard of for a while. The network or the device may be \
                        slow; if it stays silent, another one is started."
                        .to_owned(),
                ));
            }
        });
    }

    /// Draws one prompt after another; the reason when the worker is lost, `None` when no prompt is left.
    async fn draw_prompts(&self, worker: &PoolWorker) -> Option<String> {
        while let Some(prompt) = self.queue.next().await {
            let drawn = self.draw(worker, prompt).await;
            worker.tokens.set(0);
            let message = match drawn {
                Ok(drawn) => {
                    self.tokens.set(self.tokens.get() + drawn.tokens);
                    self.tell(Event::Drawn { prompt, drawn });
                    self.queue.settle(None);
                    continue;
                }
                Err(CallError::Failed(reason)) => {
                    self.skip(prompt, reason);
                    continue;
                }
                Err(CallError::Lost(message)) => message,
                // Nobody but the pool cancels, and it does not wait any more then: someone has ended the
                // worker.
                Err(CallError::Cancelled) => "A worker was ended.".to_owned(),
            };
            if self.queue.give_back(prompt) {
                self.tell(Event::GivenBack { prompt });
            } else {
                self.skip(prompt, message.clone());
            }
            return Some(message);
        }
        None
    }

    /// Draws one prompt.
    async fn draw(&self, worker: &PoolWorker, prompt: usize) -> Result<Drawn, CallError> {
        let request = Draw { prompt: self.job.prompts[prompt].clone(), sampling: self.job.sampling.clone() };
        let mut call = worker.connection.call_within(SILENCE, request).patience(PATIENCE);
        while let Some(drawing) = call.progress().next().await {
            worker.tokens.set(drawing.tokens);
            self.tell(Event::Drawing { prompt, drawing });
        }
        call.await
    }

    fn skip(&self, prompt: usize, reason: String) {
        self.tell(Event::Skipped { prompt, reason: reason.clone() });
        self.queue.settle(Some(reason));
    }

    fn tell(&self, event: Event) {
        if !self.ended.get() {
            (self.listener)(event);
        }
    }

    /// Tells that the job is over. What the workers still do for it is not heard any more.
    pub(super) fn end(&self, ending: Ending) {
        if self.paused.get() {
            self.workers.iter().for_each(|worker| worker.connection.hold(false));
        }
        self.tell(Event::Ended(ending));
        self.ended.set(true);
    }

    pub(super) fn hold(&self, paused: bool) {
        self.paused.set(paused);
        self.hold_stopwatch();
        self.workers.iter().for_each(|worker| worker.connection.hold(paused));
    }

    /// Time runs while workers draw.
    fn hold_stopwatch(&self) {
        let (now, mut stopwatch) = (clock::milliseconds(), self.stopwatch.borrow_mut());
        if self.ready.get() && !self.paused.get() { stopwatch.go(now) } else { stopwatch.stop(now) }
    }

    pub(super) fn tally(&self) -> Tally {
        let under_way: usize = self.workers.iter().map(|worker| worker.tokens.get()).sum();
        let seconds = self.stopwatch.borrow().milliseconds(clock::milliseconds()) / 1e3;
        Tally { tokens: self.tokens.get() + under_way, seconds }
    }
}
