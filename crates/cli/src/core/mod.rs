//! The numerical core from the command line: a reward table and a palette in, an answer out.

mod ask;
pub mod batch;
mod certificate;
mod input;
mod print;
pub mod ranges;
pub mod repair;
pub mod sequential;
pub mod solve;

pub use input::BadInput;
