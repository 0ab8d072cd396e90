//! The models, by candle: the language model and the sentence encoder, sampling, reading and verifying weights.

pub mod encoder;
mod error;
pub mod language_model;
pub mod manifest;
pub mod tensors;

pub use error::ModelError;
