//! The models, by candle: the language model and the sentence encoder, sampling, reading and verifying
//! weights.

mod dequantise;
pub mod draw;
pub mod encoder;
mod error;
mod folder;
#[allow(unsafe_code, reason = "vector instructions and the pointers that they load from")]
mod kernel;
pub mod language_model;
pub mod linear;
mod ops;
pub mod reward;
pub mod sampling;
pub mod tensors;

pub use error::ModelError;
pub use folder::tensors_in;
