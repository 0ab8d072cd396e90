//! MAP Palette: decide how much of each human value a language model should show, and see what that costs.
//!
//! Modules point downward only, in this order: `app`, `client`, `worker`, `study`, `protocol`, `reward`, `table`,
//! `link`, `chart`, `model`, `map`. The page (`app`, `client`) and the worker (`worker`, `study`) meet only in `protocol`.

#[cfg(feature = "app")]
pub mod app;
#[cfg(feature = "app")]
pub mod chart;
#[cfg(feature = "app")]
pub mod client;
pub mod link;
pub mod map;
#[cfg(feature = "model")]
pub mod model;
pub mod protocol;
#[cfg(feature = "model")]
pub mod reward;
pub mod study;
pub mod table;
#[cfg(feature = "worker")]
pub mod worker;
