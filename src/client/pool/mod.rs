//! Workers that draw answers side by side: prompts wait in one queue, each worker takes the next; what a dead
//! worker held goes back into the queue.
//!
//! What is drawn to a prompt depends on prompt, seed and model alone, so neither the number of workers nor
//! their order changes an answer.

mod job;
mod queue;
mod scheduler;
mod stopwatch;
mod worker;

pub use job::{Ending, Event, Job, Tally};

use futures_util::future::{AbortHandle, abortable};
use scheduler::Schedule;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use worker::PoolWorker;

/// The workers. Cheap to clone; all clones are the same pool.
#[derive(Clone, Default)]
pub struct Pool {
    state: Rc<RefCell<PoolState>>,
}

#[derive(Default)]
struct PoolState {
    workers: Vec<Rc<PoolWorker>>,
    /// The job that runs, and what ends it.
    job: Option<(Rc<Schedule>, AbortHandle)>,
}

impl Pool {
    /// Starts a job on `workers` workers, at least one. A job that still runs is cancelled first. The last
    /// event is [`Event::Ended`].
    pub fn start(&self, job: Job, workers: usize, listener: impl Fn(Event) + 'static) {
        self.cancel();
        let mut state = self.state.borrow_mut();
        let surplus = state.resize(workers.max(1));
        let schedule = Rc::new(Schedule::new(job, state.workers.clone(), listener));
        let drawing = schedule.clone();
        let (work, abort) = abortable(async move { drawing.run().await });
        state.job = Some((schedule, abort));
        drop(state);
        surplus.iter().for_each(|worker| worker.connection.stop());
        let this = self.clone();
        spawn_local(async move {
            if let Ok(ending) = work.await {
                this.end(ending);
            }
        });
    }

    /// Tokens and time of the job that runs.
    pub fn tally(&self) -> Tally {
        self.job().map_or_else(Tally::default, |job| job.tally())
    }

    /// Lets the workers rest between two steps; what they hold is kept.
    pub fn pause(&self) {
        self.hold(true);
    }

    /// Goes on after [`Pool::pause`].
    pub fn resume(&self) {
        self.hold(false);
    }

    /// Ends the job at once; prompts already drawn have been handed over.
    pub fn cancel(&self) {
        self.end(Ending::Cancelled);
    }

    /// Ends all workers, and the job with them; the next job starts them anew.
    pub fn start_anew(&self) {
        self.cancel();
        let workers = self.state.borrow_mut().resize(0);
        workers.iter().for_each(|worker| worker.connection.stop());
    }

    fn job(&self) -> Option<Rc<Schedule>> {
        self.state.borrow().job.as_ref().map(|(job, _)| job.clone())
    }

    fn hold(&self, paused: bool) {
        if let Some(job) = self.job() {
            job.hold(paused);
        }
    }

    /// Ends the job, and with it what the workers do for it.
    fn end(&self, ending: Ending) {
        // The listener may come back here.
        let job = self.state.borrow_mut().job.take();
        if let Some((job, abort)) = job {
            abort.abort();
            job.end(ending);
        }
    }
}

impl PoolState {
    /// Gives back the workers that are too many.
    fn resize(&mut self, workers: usize) -> Vec<Rc<PoolWorker>> {
        let surplus = self.workers.split_off(workers.min(self.workers.len()));
        self.workers.resize_with(workers, Rc::default);
        surplus
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_stay_from_job_to_job_and_those_too_many_are_given_back() {
        let mut state = PoolState::default();
        assert!(state.resize(3).is_empty());
        let first = state.workers[0].clone();
        assert_eq!(state.resize(1).len(), 2);
        assert!(state.resize(2).is_empty());
        assert!(Rc::ptr_eq(&first, &state.workers[0]));
    }
}
