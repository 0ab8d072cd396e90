//! Why a file is not read, in sentences a person can act on.

/// Why a GGUF file is not read. Its display is a sentence about “it”, the file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GgufError {
    /// The head of the file goes on beyond the bytes that were given, of so many.
    #[error("The description does not end within the first {0} bytes. Take another file of the model.")]
    NeedsMore(usize),
    #[error("{0}")]
    Refused(String),
}
