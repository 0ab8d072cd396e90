//! The models, by candle: the language model and the sentence encoder, sampling, reading and verifying weights.

pub mod encoder;
mod error;
mod kernel;
pub mod language_model;
pub mod linear;
pub mod manifest;
mod numbers;
pub mod sampling;
pub mod tensors;
mod vector;

pub use error::ModelError;
