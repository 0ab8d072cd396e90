//! What the worker keeps between requests.

use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use super::sets::Sets;
use palette_models::draw::Models;
use palette_protocol::{DrawConfig, Request, RequestId};

#[derive(Default)]
pub(super) struct State {
    pub(super) waiting: VecDeque<(RequestId, Request)>,
    /// Whether the loop is at work.
    pub(super) running: bool,
    pub(super) cancelled: HashSet<RequestId>,
    /// The request at work, and what aborts its transfers.
    pub(super) current: Option<(RequestId, Option<web_sys::AbortController>)>,
    pub(super) sets: Sets,
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

impl State {
    /// Request `id` is not at work any more.
    pub(super) fn has_ended(&mut self, id: RequestId) {
        self.cancelled.remove(&id);
        if self.current.as_ref().is_some_and(|(current, _)| *current == id) {
            self.current = None;
        }
    }
}
