//! What the worker keeps between requests.

use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use palette_models::draw::Models;
use palette_protocol::{DrawConfig, RequestId, ToWorker};
use palette_study::compose::Composer;

#[derive(Default)]
pub(super) struct State {
    pub(super) waiting: VecDeque<ToWorker>,
    /// Whether the loop is at work.
    pub(super) running: bool,
    pub(super) cancelled: HashSet<RequestId>,
    /// The request at work, and what aborts its transfers.
    pub(super) current: Option<(RequestId, Option<web_sys::AbortController>)>,
    pub(super) composer: Option<Composer>,
    pub(super) ready: Option<Rc<Ready>>,
    /// Whether drawing rests.
    pub(super) held: bool,
}

pub(super) type Shared = Rc<RefCell<State>>;

/// The models, and what they were made for.
pub(super) struct Ready {
    pub(super) config: DrawConfig,
    pub(super) models: Models,
    pub(super) generator: String,
}

/// Whether the page wants request `id` to end.
pub(super) fn is_cancelled(shared: &Shared, id: RequestId) -> bool {
    shared.borrow().cancelled.contains(&id)
}
