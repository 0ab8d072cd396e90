//! Palettes from the command line: a reward table and a palette in, a report out, as JSON or in words.

mod ask;
pub mod batch;
mod input;
mod print;
pub mod ranges;
pub mod repair;
pub mod sequential;
pub mod solve;

pub use input::BadInput;
