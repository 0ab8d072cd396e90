//! Experiments made of map, models and rewards: compose a palette on a sample set, draw and score answers, pick among drafts.

#[cfg(feature = "model")]
pub mod align;
pub mod compose;
#[cfg(feature = "model")]
pub mod draw;
pub mod interval;
