//! The models, by candle: the language model and the sentence encoder, sampling, reading and verifying
//! weights.

pub mod draw;
pub mod encoder;
mod error;
mod folder;
mod kernel;
pub mod language_model;
pub mod linear;
mod numbers;
pub mod reward;
pub mod sampling;
pub mod tensors;
mod vector;

pub use error::ModelError;
pub use folder::tensors_in;
