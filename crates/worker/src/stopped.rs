//! How a request can end without its result.

/// Why a request ended without its result.
pub(super) enum Stopped {
    Cancelled,
    /// A plain sentence.
    Failed(String),
}

impl<E: std::error::Error> From<E> for Stopped {
    fn from(error: E) -> Self {
        Stopped::Failed(error.to_string())
    }
}
