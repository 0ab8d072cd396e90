//! The reward table: answers to prompts and their reward for each value; import, export, quantiles.

pub mod import;
pub mod number;
pub mod quantile;
mod sample_set;
mod sampling;
pub mod spec;
pub mod target;
pub mod values;

pub use sample_set::{Answer, SampleSet, Value};
pub use sampling::{Drawn, MOST_PROMPTS, Sampling, stream};
pub use target::{GroupTarget, Level, Palette, Target};
