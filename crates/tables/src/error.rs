//! Why something from outside was not read.

/// Why a file was not read: a plain sentence that says what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct ImportError(pub String);
