//! How a request can end without its result.

/// Why a request ended without its result.
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
