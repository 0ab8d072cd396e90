//! Work on the models' files: what is under way, and how the last of it ended.

use super::pace::Pace;
use palette_protocol::{Loading, RequestId};

/// Work on a model's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    Load,
    Verify,
    Delete,
}

/// A task that was asked for and is not over.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    pub task: Task,
    pub request: RequestId,
    /// `None` until the worker has begun.
    pub loading: Option<Loading>,
    pub pace: Pace,
    /// Whether the person wants it to end.
    pub cancelling: bool,
}

/// How the last task with a model ended, when there is something to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub is_error: bool,
    pub text: String,
}
