//! The page of MAP Palette: decide how much of each human value a language model should show, and see what
//! that costs.

pub mod app;
mod chart;
mod client;
