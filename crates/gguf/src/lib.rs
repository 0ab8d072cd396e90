//! GGUF files: what stands in them, read without trusting any of their numbers, and writing them. What it means
//! for a language model is the business of those who use it. The layout is that of
//! <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

mod contents;
mod error;
mod head;
mod kind;
mod metadata;
mod reader;
mod shown;

pub use contents::{Contents, Tensor};
pub use error::GgufError;
pub use head::{Head, Place};
pub use kind::Kind;
pub use metadata::Metadata;
pub use shown::shown;
