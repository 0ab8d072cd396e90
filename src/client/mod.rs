//! The page's side of the workers: calls, cancelling, restarting; the solver, the pool that
//! draws answers, and studies.

mod call;
pub mod clock;
mod connection;
pub mod device;
mod importer;
mod liveness;
mod not_loaded;
mod on_set;
mod pool;
mod program;
mod solver;
mod studies;

pub use call::CallError;
pub use connection::{Connection, News, Pending};
pub use importer::Importer;
pub use pool::{Ending, Event, Job, Pool, Tally};
pub use solver::Solver;
pub use studies::StudyWorkers;
