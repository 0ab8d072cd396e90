//! The workers of a pool and the job that they share.

use super::clock::Clock;
use super::hand::{Hand, Work};
use super::job::{Ending, Event, Job, Tally};
use super::queue::Queue;
use crate::client::Connection;
use palette_protocol::DrawConfig;
use std::cell::{RefCell, RefMut};
use std::rc::Rc;

/// Cheap to clone; all clones are the same team.
#[derive(Clone, Default)]
pub(super) struct Team {
    state: Rc<RefCell<State>>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) hands: Vec<Hand>,
    pub(super) job: Option<Running>,
    /// Counts jobs, so that what an old one still says is not heard.
    pub(super) number: u64,
}

/// The job that runs.
pub(super) struct Running {
    pub(super) job: Job,
    pub(super) queue: Queue,
    listener: Rc<dyn Fn(Event)>,
    /// Whether one worker has loaded the models, so that the others find them in the cache.
    loaded: bool,
    pub(super) paused: bool,
    /// Tokens of the answers that are finished.
    tokens: usize,
    clock: Clock,
}

impl Team {
    /// Must be let go before a listener or a connection is called: both may come back here.
    pub(super) fn state(&self) -> RefMut<'_, State> {
        self.state.borrow_mut()
    }

    /// Takes on a job with so many workers; returns its number.
    pub(super) fn begin(&self, job: Job, workers: usize, listener: Rc<dyn Fn(Event)>) -> u64 {
        let queue = Queue::new(job.prompts.len());
        let (surplus, number) = {
            let mut state = self.state();
            state.number += 1;
            state.job = Some(Running {
                job,
                queue,
                listener,
                loaded: false,
                paused: false,
                tokens: 0,
                clock: Clock::default(),
            });
            (state.resize(workers), state.number)
        };
        // What these were still asked ends now, and that is heard here: the state must be free.
        for hand in surplus {
            hand.connection.stop();
        }
        number
    }

    /// Ends the job, and what the workers do for it.
    pub(super) fn end(&self, ending: Ending) {
        let listener = {
            let mut state = self.state();
            let Some(running) = state.job.take() else { return };
            for hand in &mut state.hands {
                if running.paused {
                    hand.hold(false);
                }
                hand.drop_work();
            }
            running.listener
        };
        listener(Event::Ended(ending));
    }

    pub(super) fn tell(&self, event: Event) {
        let listener = self.state().job.as_ref().map(|running| running.listener.clone());
        if let Some(listener) = listener {
            listener(event);
        }
    }

    /// Whether the job of this number runs.
    pub(super) fn is_current(&self, number: u64) -> bool {
        let state = self.state();
        state.number == number && state.job.is_some()
    }
}

impl State {
    /// Gives back the workers that are too many.
    fn resize(&mut self, workers: usize) -> Vec<Hand> {
        let surplus = self.hands.split_off(workers.min(self.hands.len()));
        self.hands.resize_with(workers, Hand::new);
        self.hands.iter_mut().for_each(Hand::starts_anew);
        surplus
    }

    pub(super) fn hold(&mut self, paused: bool) {
        let Some(running) = self.job.as_mut() else { return };
        running.paused = paused;
        if paused {
            running.clock.stop();
        } else if running.loaded {
            running.clock.go();
        }
        self.hands.iter().for_each(|hand| hand.hold(paused));
    }

    pub(super) fn tally(&self) -> Tally {
        let Some(running) = &self.job else { return Tally::default() };
        let at_work: usize = self.hands.iter().map(Hand::tokens).sum();
        Tally { tokens: running.tokens + at_work, seconds: running.clock.seconds() }
    }

    /// A worker can draw. For the first one of a job: the other workers, to prepare them now.
    pub(super) fn others_to_prepare(&mut self, at: usize) -> Vec<usize> {
        let Some(running) = self.job.as_mut() else { return Vec::new() };
        if std::mem::replace(&mut running.loaded, true) {
            return Vec::new();
        }
        if !running.paused {
            running.clock.go();
        }
        // More workers than prompts would only load.
        let useful = running.job.prompts.len();
        (0..self.hands.len().min(useful)).filter(|other| *other != at).collect()
    }

    /// How many workers can draw with this config.
    pub(super) fn prepared(&self, config: &DrawConfig) -> usize {
        self.hands.iter().filter(|hand| hand.prepared_with(config).is_some()).count()
    }

    /// A worker that can draw and has nothing to do.
    pub(super) fn idle(&self) -> Option<usize> {
        let config = &self.job.as_ref()?.job.config;
        self.hands.iter().position(|hand| hand.work == Work::Idle && hand.prepared_with(config).is_some())
    }

    /// The prompt that worker `at` has is drawn with so many tokens, or skipped for a reason.
    pub(super) fn settle(&mut self, at: usize, tokens: usize, skipped: Option<String>) {
        let Some(running) = self.job.as_mut() else { return };
        running.queue.settle(skipped);
        running.tokens += tokens;
        if let Some(hand) = self.hands.get_mut(at) {
            hand.work = Work::Idle;
        }
    }

    /// Whether no worker is left that could draw.
    pub(super) fn is_hopeless(&self) -> bool {
        let loaded = self.job.as_ref().is_some_and(|running| running.loaded);
        let useful = self.hands.iter().any(|hand| hand.work != Work::Retired);
        // Before the first worker is ready no other is tried: it would fail for the same reason.
        !useful || !loaded
    }

    /// Counts a look; the workers that seem dead by now.
    pub(super) fn dead(&mut self) -> Vec<Connection> {
        let paused = self.job.as_ref().is_some_and(|running| running.paused);
        self.hands
            .iter_mut()
            .filter_map(|hand| hand.seems_dead(paused).then(|| hand.connection.clone()))
            .collect()
    }
}
