//! Workers that draw answers side by side: prompts wait in one queue, each worker takes the next; what a dead worker held goes back into the queue.
//!
//! What is drawn to a prompt depends on prompt, seed and model alone, so neither the number of workers nor their order changes an answer.

use super::Connection;
use super::clock::Clock;
use crate::protocol::{DrawRequest, Drawing, Drawn, Equipment, Loading, Prepared, Reply, Request, RequestId, Sampling};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

/// How long a worker may take to end what was cancelled before it is ended with it.
const PATIENCE: Duration = Duration::from_secs(4);
/// How often the workers are looked after.
const LOOK: Duration = Duration::from_secs(5);
/// Looks in a row at which nothing was heard of a worker that draws, after which it is taken for dead. Counting looks and not seconds spares the
/// workers of a computer that slept.
const SILENT_LOOKS: u32 = 6;
/// Workers that a prompt may lose before it is passed over.
const MOST_LOSSES: u32 = 2;
/// Times that a worker is started again within one job.
const MOST_RESTARTS: u32 = 3;

/// What to draw.
#[derive(Clone, Debug)]
pub struct Job {
    pub prompts: Vec<String>,
    pub sampling: Sampling,
    pub equipment: Equipment,
}

/// What happens to a job. Prompts are named by their index in [`Job::prompts`].
#[derive(Clone, Debug)]
pub enum Event {
    /// The first worker loads the models.
    Loading(Loading),
    /// A worker is ready; `workers` are by now.
    Ready { workers: usize, prepared: Prepared },
    /// Answers to a prompt as they come.
    Drawing { prompt: usize, drawing: Drawing },
    /// All answers to a prompt.
    Drawn { prompt: usize, drawn: Drawn },
    /// The worker that had this prompt is gone; it waits for another.
    GivenBack { prompt: usize },
    /// This prompt was passed over, for a reason in a plain sentence.
    Skipped { prompt: usize, reason: String },
    /// Something to tell, in a plain sentence.
    Note(String),
    /// The last event of a job.
    Ended(Ending),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// Every prompt was drawn or skipped.
    Finished,
    Cancelled,
    /// No worker could draw; a plain sentence.
    Failed(String),
}

/// What a job has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Tokens of all answers, finished or not.
    pub tokens: usize,
    /// Seconds since the first worker was ready, without pauses.
    pub seconds: f64,
}

/// The workers. Cheap to clone; all clones are the same pool.
#[derive(Clone, Default)]
pub struct Pool {
    inner: Rc<RefCell<Inner>>,
}

#[derive(Default)]
struct Inner {
    hands: Vec<Hand>,
    job: Option<Running>,
    /// Counts jobs, so that what an old one still says is not heard.
    number: u64,
}

/// One worker.
struct Hand {
    connection: Connection,
    /// What it was prepared with, which start of it that was, and what it said then.
    prepared: Option<(u32, Equipment, Prepared)>,
    work: Work,
    silent: u32,
    restarts: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum Work {
    Idle,
    Preparing(RequestId),
    Drawing {
        id: RequestId,
        prompt: usize,
        tokens: usize,
    },
    /// Not used in this job any more.
    Retired,
}

struct Running {
    job: Job,
    listener: Rc<dyn Fn(Event)>,
    waiting: VecDeque<usize>,
    losses: Vec<u32>,
    /// Prompts neither drawn nor skipped.
    left: usize,
    skipped: Vec<String>,
    /// Whether one worker has loaded the models, so that the others find them in the cache.
    loaded: bool,
    paused: bool,
    tokens: usize,
    clock: Clock,
}

impl Pool {
    /// Starts a job on `workers` workers, at least one. A job that still runs is cancelled first. The last event is [`Event::Ended`].
    pub fn start(&self, job: Job, workers: usize, listener: impl Fn(Event) + 'static) {
        self.cancel();
        let listener: Rc<dyn Fn(Event)> = Rc::new(listener);
        let number = {
            let mut inner = self.inner.borrow_mut();
            inner.number += 1;
            inner.resize(workers.max(1));
            inner.job = Some(Running {
                waiting: (0..job.prompts.len()).collect(),
                losses: vec![0; job.prompts.len()],
                left: job.prompts.len(),
                skipped: Vec::new(),
                loaded: false,
                paused: false,
                tokens: 0,
                clock: Clock::default(),
                job,
                listener,
            });
            inner.number
        };
        self.equip(0);
        self.look_after(number);
    }

    /// Whether a job runs.
    pub fn is_running(&self) -> bool {
        self.inner.borrow().job.is_some()
    }

    /// Tokens and time of the job that runs.
    pub fn tally(&self) -> Tally {
        let inner = self.inner.borrow();
        let Some(running) = &inner.job else { return Tally::default() };
        let at_work: usize = inner.hands.iter().map(|hand| if let Work::Drawing { tokens, .. } = hand.work { tokens } else { 0 }).sum();
        Tally { tokens: running.tokens + at_work, seconds: running.clock.seconds() }
    }

    /// Lets the workers rest between two steps; what they hold is kept.
    pub fn pause(&self) {
        self.hold(true);
    }

    /// Goes on after [`Pool::pause`].
    pub fn resume(&self) {
        self.hold(false);
    }

    fn hold(&self, paused: bool) {
        let mut inner = self.inner.borrow_mut();
        let Some(running) = inner.job.as_mut() else { return };
        running.paused = paused;
        if paused {
            running.clock.stop();
        } else if running.loaded {
            running.clock.go();
        }
        inner.hands.iter_mut().for_each(|hand| hand.hold(paused));
    }

    /// Ends the job at once; prompts already drawn have been handed over.
    pub fn cancel(&self) {
        let ended = {
            let mut inner = self.inner.borrow_mut();
            let Some(running) = inner.job.take() else { return };
            for hand in &mut inner.hands {
                if running.paused {
                    hand.hold(false);
                }
                hand.drop_work();
            }
            running.listener
        };
        ended(Event::Ended(Ending::Cancelled));
    }

    /// Ends all workers and with them the memory that they hold.
    pub fn release(&self) {
        self.cancel();
        self.inner.borrow_mut().resize(0);
    }

    /// Prepares worker `at`, or sets it to work when it is prepared.
    fn equip(&self, at: usize) {
        let (connection, equipment, number) = {
            let mut inner = self.inner.borrow_mut();
            let Inner { hands, job: Some(running), number } = &mut *inner else { return };
            let Some(hand) = hands.get_mut(at) else { return };
            let equipment = running.job.equipment.clone();
            if hand.is_prepared(&equipment) {
                hand.work = Work::Idle;
                let prepared = hand.prepared.clone();
                let workers = hands.iter().filter(|hand| hand.is_prepared(&equipment)).count();
                drop(inner);
                // Each job is told once more what its answers will be rewarded for.
                if let Some((.., prepared)) = prepared {
                    self.tell(Event::Ready { workers, prepared: Prepared { notes: Vec::new(), ..prepared } });
                }
                return self.is_ready(at);
            }
            (hand.connection.clone(), equipment, *number)
        };
        let this = self.clone();
        let told = equipment.clone();
        let id = connection.send(Request::Prepare(equipment), move |reply| this.hear_preparing(number, at, &told, reply));
        let mut inner = self.inner.borrow_mut();
        // A worker that could not be started has answered already.
        if connection.is_open(id)
            && let Some(hand) = inner.hands.get_mut(at)
        {
            hand.work = Work::Preparing(id);
        }
    }

    fn hear_preparing(&self, number: u64, at: usize, equipment: &Equipment, reply: Reply) {
        if !self.is_current(number) {
            return;
        }
        match reply {
            Reply::Loading(loading) if at == 0 => self.tell(Event::Loading(loading)),
            Reply::Prepared(prepared) => {
                let workers = {
                    let mut inner = self.inner.borrow_mut();
                    let paused = inner.job.as_ref().is_some_and(|running| running.paused);
                    let Some(hand) = inner.hands.get_mut(at) else { return };
                    hand.prepared = hand.connection.generation().map(|generation| (generation, equipment.clone(), (*prepared).clone()));
                    hand.work = Work::Idle;
                    if paused {
                        hand.hold(true);
                    }
                    inner.hands.iter().filter(|hand| hand.is_prepared(equipment)).count()
                };
                self.tell(Event::Ready { workers, prepared: *prepared });
                self.is_ready(at);
            }
            Reply::Failed { message } | Reply::Lost { message } => self.retire(at, message),
            Reply::Cancelled => self.retire(at, "A worker was ended while it loaded the models.".to_owned()),
            _ => {}
        }
    }

    /// Worker `at` can draw. The first one that can has the others prepared.
    fn is_ready(&self, at: usize) {
        let others = {
            let mut inner = self.inner.borrow_mut();
            let Some(running) = inner.job.as_mut() else { return };
            let first = !std::mem::replace(&mut running.loaded, true);
            if first && !running.paused {
                running.clock.go();
            }
            // More workers than prompts would only load.
            let useful = running.job.prompts.len();
            if first { (0..inner.hands.len().min(useful)).filter(|other| *other != at).collect() } else { Vec::new() }
        };
        self.next(at);
        for other in others {
            self.equip(other);
        }
    }

    /// Gives worker `at` the next prompt, or ends the job when there is nothing left.
    fn next(&self, at: usize) {
        let (connection, request, prompt, number) = {
            let mut inner = self.inner.borrow_mut();
            let Inner { hands, job: Some(running), number } = &mut *inner else { return };
            if running.left == 0 {
                let all_skipped = running.skipped.len() == running.job.prompts.len();
                let ending = match running.skipped.first() {
                    Some(reason) if all_skipped => Ending::Failed(reason.clone()),
                    _ => Ending::Finished,
                };
                drop(inner);
                return self.end(ending);
            }
            let Some(hand) = hands.get_mut(at) else { return };
            let Some(prompt) = running.waiting.pop_front() else {
                hand.work = Work::Idle;
                return;
            };
            let request = DrawRequest { prompt: running.job.prompts[prompt].clone(), sampling: running.job.sampling.clone() };
            hand.silent = 0;
            (hand.connection.clone(), request, prompt, *number)
        };
        let this = self.clone();
        let id = connection.send(Request::Draw(request), move |reply| this.hear_drawing(number, at, prompt, reply));
        let mut inner = self.inner.borrow_mut();
        if connection.is_open(id)
            && let Some(hand) = inner.hands.get_mut(at)
        {
            hand.work = Work::Drawing { id, prompt, tokens: 0 };
        }
    }

    fn hear_drawing(&self, number: u64, at: usize, prompt: usize, reply: Reply) {
        if !self.is_current(number) {
            return;
        }
        match reply {
            Reply::Drawing(drawing) => {
                if let Some(hand) = self.inner.borrow_mut().hands.get_mut(at) {
                    hand.silent = 0;
                    if let Work::Drawing { tokens, .. } = &mut hand.work {
                        *tokens = drawing.tokens;
                    }
                }
                self.tell(Event::Drawing { prompt, drawing });
            }
            Reply::Drawn(drawn) => {
                self.settle(at, drawn.tokens, None);
                self.tell(Event::Drawn { prompt, drawn: *drawn });
                self.next(at);
            }
            Reply::Failed { message } => {
                self.settle(at, 0, Some(message.clone()));
                self.tell(Event::Skipped { prompt, reason: message });
                self.next(at);
            }
            // Nobody but the pool cancels, and it does not listen any more then: someone has ended the worker.
            Reply::Lost { message } => self.lost(at, prompt, &message),
            Reply::Cancelled => self.lost(at, prompt, "A worker was ended."),
            _ => {}
        }
    }

    fn settle(&self, at: usize, tokens: usize, skipped: Option<String>) {
        let mut inner = self.inner.borrow_mut();
        let Inner { hands, job: Some(running), .. } = &mut *inner else { return };
        running.left -= 1;
        running.tokens += tokens;
        running.skipped.extend(skipped);
        if let Some(hand) = hands.get_mut(at) {
            hand.work = Work::Idle;
        }
    }

    /// Worker `at` died over `prompt`.
    fn lost(&self, at: usize, prompt: usize, message: &str) {
        let (again, restart) = {
            let mut inner = self.inner.borrow_mut();
            let Inner { hands, job: Some(running), .. } = &mut *inner else { return };
            let Some(hand) = hands.get_mut(at) else { return };
            hand.work = Work::Idle;
            hand.prepared = None;
            hand.restarts += 1;
            running.losses[prompt] += 1;
            let again = running.losses[prompt] < MOST_LOSSES;
            if again {
                running.waiting.push_front(prompt);
            }
            (again, hand.restarts <= MOST_RESTARTS)
        };
        if again {
            self.tell(Event::GivenBack { prompt });
        } else {
            self.settle(at, 0, Some(message.to_owned()));
            self.tell(Event::Skipped { prompt, reason: message.to_owned() });
        }
        // A worker that has nothing to do takes it over while this one starts again.
        let idle = {
            let inner = self.inner.borrow();
            let Some(running) = &inner.job else { return };
            inner.hands.iter().position(|hand| hand.work == Work::Idle && hand.is_prepared(&running.job.equipment))
        };
        let nothing_left = self.inner.borrow().job.as_ref().is_some_and(|running| running.left == 0);
        if nothing_left {
            return self.next(at);
        }
        if let Some(idle) = idle {
            self.next(idle);
        }
        if restart {
            self.equip(at);
        } else {
            self.retire(at, message.to_owned());
        }
    }

    /// Worker `at` is of no more use in this job.
    fn retire(&self, at: usize, message: String) {
        let hopeless = {
            let mut inner = self.inner.borrow_mut();
            let Some(hand) = inner.hands.get_mut(at) else { return };
            hand.work = Work::Retired;
            hand.prepared = None;
            let loaded = inner.job.as_ref().is_some_and(|running| running.loaded);
            let useful = inner.hands.iter().filter(|hand| !matches!(hand.work, Work::Retired)).count();
            // Before the first worker is ready no other is tried: it would fail for the same reason.
            useful == 0 || !loaded
        };
        if hopeless {
            self.end(Ending::Failed(message));
        } else {
            self.tell(Event::Note(format!("One worker fewer draws: {message}")));
        }
    }

    fn end(&self, ending: Ending) {
        let ended = {
            let mut inner = self.inner.borrow_mut();
            let Some(running) = inner.job.take() else { return };
            inner.hands.iter_mut().for_each(|hand| hand.drop_work());
            running.listener
        };
        ended(Event::Ended(ending));
    }

    fn tell(&self, event: Event) {
        let listener = self.inner.borrow().job.as_ref().map(|running| running.listener.clone());
        if let Some(listener) = listener {
            listener(event);
        }
    }

    fn is_current(&self, number: u64) -> bool {
        let inner = self.inner.borrow();
        inner.number == number && inner.job.is_some()
    }

    /// A worker can vanish without a word (ended by the browser's own task manager): one that draws and has been silent for long is given up.
    fn look_after(&self, number: u64) {
        let this = self.clone();
        let look = move || {
            if !this.is_current(number) {
                return;
            }
            let dead: Vec<Connection> = {
                let mut inner = this.inner.borrow_mut();
                let paused = inner.job.as_ref().is_some_and(|running| running.paused);
                for hand in &mut inner.hands {
                    hand.silent = if paused || !matches!(hand.work, Work::Drawing { .. }) { 0 } else { hand.silent + 1 };
                }
                inner.hands.iter().filter(|hand| hand.silent >= SILENT_LOOKS).map(|hand| hand.connection.clone()).collect()
            };
            for connection in dead {
                connection.give_up("A worker did not answer any more and was ended.");
            }
            this.look_after(number);
        };
        leptos::prelude::set_timeout(look, LOOK);
    }
}

impl Inner {
    fn resize(&mut self, workers: usize) {
        for hand in self.hands.drain(workers.min(self.hands.len())..) {
            hand.connection.stop();
        }
        while self.hands.len() < workers {
            let connection = Connection::new("model");
            self.hands.push(Hand { connection, prepared: None, work: Work::Idle, silent: 0, restarts: 0 });
        }
        for hand in &mut self.hands {
            (hand.work, hand.silent, hand.restarts) = (Work::Idle, 0, 0);
        }
    }
}

impl Hand {
    fn is_prepared(&self, equipment: &Equipment) -> bool {
        self.prepared.as_ref().is_some_and(|(generation, with, _)| self.connection.generation() == Some(*generation) && with == equipment)
    }

    fn hold(&mut self, paused: bool) {
        self.connection.tell(Request::Hold { paused });
    }

    /// Cancels what it does; a worker that does not obey soon is ended.
    fn drop_work(&mut self) {
        let (Work::Preparing(id) | Work::Drawing { id, .. }) = std::mem::replace(&mut self.work, Work::Idle) else { return };
        self.connection.cancel(id);
        let connection = self.connection.clone();
        let end = move || {
            if connection.is_open(id) {
                connection.stop();
            }
        };
        leptos::prelude::set_timeout(end, PATIENCE);
    }
}

/// How many workers to start unless the person says otherwise: one for each processor, at most four, and no more than a quarter of the memory holds.
pub fn usual_workers() -> usize {
    /// Gigabytes that a worker with the page's own models takes.
    const EACH: f64 = 0.25;
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else { return 1 };
    let processors = navigator.hardware_concurrency().max(1.0);
    // Only some browsers tell, in gigabytes and never more than 8.
    let memory = js_sys::Reflect::get(&navigator, &"deviceMemory".into()).ok().and_then(|memory| memory.as_f64()).unwrap_or(4.0);
    (processors.min(4.0) as usize).min((memory / 4.0 / EACH) as usize).max(1)
}
