//! One request at work.

use std::marker::PhantomData;

use super::outbox;
use super::state::Shared;
use super::task_error::TaskError;
use palette_protocol::{Answer, RequestId};
use serde::Serialize;

/// A request at work, whatever it asks.
pub(super) struct Work {
    pub(super) shared: Shared,
    pub(super) id: RequestId,
}

impl Work {
    /// # Errors
    /// When the page wants the request to end.
    pub(super) fn go_on(&self) -> Result<(), TaskError> {
        if self.is_cancelled() { Err(TaskError::Cancelled) } else { Ok(()) }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.shared.borrow().cancelled.contains(&self.id)
    }

    /// Whether drawing rests.
    #[cfg(feature = "models")]
    pub(super) fn is_held(&self) -> bool {
        self.shared.borrow().held
    }

    /// Whether another request waits for this one to end.
    pub(super) fn is_waited_for(&self) -> bool {
        !self.shared.borrow().waiting.is_empty()
    }
}

/// The same, with what it tells on its way.
pub(super) struct Task<P> {
    pub(super) work: Work,
    progress: PhantomData<fn(P)>,
}

impl<P: Serialize> Task<P> {
    pub(super) fn new(shared: Shared, id: RequestId) -> Self {
        Task { work: Work { shared, id }, progress: PhantomData }
    }

    pub(super) fn report(&self, progress: P) {
        outbox::post(self.work.id, &Answer::<(), P>::Progress(progress));
    }
}
