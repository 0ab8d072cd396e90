//! Experiments made of map, models and rewards: compose a palette on a sample set, draw and score answers, pick among drafts.

#[cfg(feature = "model")]
pub mod align;
pub mod compose;
mod drafts;
#[cfg(feature = "model")]
pub mod draw;
pub mod ground;
pub mod interval;
mod repairs;
mod sequences;
pub mod trust;
pub mod words;
