//! The page's side of the workers: requests, replies, cancelling, restarting.

mod connection;
mod solver;

pub use connection::Connection;
pub use solver::{Question, Solver};
