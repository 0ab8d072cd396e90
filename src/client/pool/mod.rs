//! Workers that draw answers side by side: prompts wait in one queue, each worker takes the next; what a dead
//! worker held goes back into the queue.
//!
//! What is drawn to a prompt depends on prompt, seed and model alone, so neither the number of workers nor
//! their order changes an answer.

mod clock;
mod hand;
mod job;
mod queue;
mod team;
mod turns;
mod usual_workers;
mod watch;

pub use job::{Ending, Event, Job, Tally};
pub use usual_workers::usual_workers;

use std::rc::Rc;
use team::Team;

/// The workers. Cheap to clone; all clones are the same pool.
#[derive(Clone, Default)]
pub struct Pool {
    team: Team,
}

impl Pool {
    /// Starts a job on `workers` workers, at least one. A job that still runs is cancelled first. The last
    /// event is [`Event::Ended`].
    pub fn start(&self, job: Job, workers: usize, listener: impl Fn(Event) + 'static) {
        self.cancel();
        let number = self.team.begin(job, workers.max(1), Rc::new(listener));
        turns::equip(&self.team, 0);
        watch::look_after(&self.team, number);
    }

    /// Tokens and time of the job that runs.
    pub fn tally(&self) -> Tally {
        self.team.state().tally()
    }

    /// Lets the workers rest between two steps; what they hold is kept.
    pub fn pause(&self) {
        self.team.state().hold(true);
    }

    /// Goes on after [`Pool::pause`].
    pub fn resume(&self) {
        self.team.state().hold(false);
    }

    /// Ends the job at once; prompts already drawn have been handed over.
    pub fn cancel(&self) {
        self.team.end(Ending::Cancelled);
    }
}
