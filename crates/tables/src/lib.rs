//! The reward table: answers to prompts and their reward for each value; import, export, quantiles.

pub mod command;
pub mod csv_text;
mod error;
pub mod import;
mod names;
pub mod number;
pub mod palettes;
pub mod presets;
pub mod prompts;
pub mod quantile;
mod rows;
mod sample_set;
mod sampling;
pub mod scored;
pub mod spec;
pub mod target;
pub mod text;
pub mod values;

pub use error::ImportError;
pub use palette_visible::{is_unseen, visible};
pub use rows::{MOST_COLUMNS, MOST_ROWS, one_object};
pub use sample_set::{Answer, SampleSet, Value};
pub use sampling::{Drawn, MOST_PROMPTS, Sampling, stream};
pub use target::{GroupTarget, Level, Palette, Target};
