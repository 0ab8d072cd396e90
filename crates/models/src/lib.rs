//! The language model and the sentence encoder, sampling, rewards, and reading weights (their numbers by
//! candle).

mod dequantise;
mod dispatch;
pub mod draw;
pub mod encoder;
mod error;
mod folder;
mod gguf;
#[allow(unsafe_code, reason = "vector instructions and the pointers that they load from")]
mod kernel;
pub mod language_model;
pub mod linear;
mod ops;
pub mod reward;
pub mod sampling;
pub mod tensors;
mod understood;

pub use error::ModelError;
pub use folder::{tensors_in, tensors_of_file};

#[cfg(test)]
#[path = "../tests/support/small_model.rs"]
mod small_model;
