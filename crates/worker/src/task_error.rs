//! How a request can end without its reply.

/// Why a request ended without its reply.
#[derive(Debug)]
pub(super) enum TaskError {
    Cancelled,
    /// A plain sentence.
    Failed(String),
}

impl<E: std::error::Error> From<E> for TaskError {
    fn from(error: E) -> Self {
        TaskError::Failed(error.to_string())
    }
}
