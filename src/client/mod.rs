//! The page's side of the workers: requests, replies, cancelling, restarting; the solver, and the pool that
//! draws answers.

mod connection;
mod pool;
mod solver;

pub use connection::Connection;
pub use pool::{Ending, Event, Job, Pool, Tally, usual_workers};
pub use solver::{Question, Solver};
