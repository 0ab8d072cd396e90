//! GGUF files: what stands in them, read without trusting any of their numbers. What it means for a language
//! model is `understood`'s business. The layout is that of
//! <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

mod file;
mod kind;
mod metadata;
mod reader;
mod shown;

pub use file::{GgufFile, Place};
pub(crate) use metadata::Metadata;
pub(crate) use shown::shown;
