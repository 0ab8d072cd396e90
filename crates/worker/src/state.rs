//! What the worker keeps between requests.

use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use super::sets::Sets;
#[cfg(feature = "models")]
use palette_models::draw::Models;
#[cfg(feature = "models")]
use palette_protocol::DrawConfig;
use palette_protocol::{Request, RequestId};
use palette_tables::SampleSet;

#[derive(Default)]
pub(super) struct State {
    pub(super) waiting: VecDeque<(RequestId, Request)>,
    /// Whether the loop is at work.
    pub(super) running: bool,
    pub(super) cancelled: HashSet<RequestId>,
    /// The request at work.
    pub(super) current: Option<RequestId>,
    /// Requests that have begun and not ended.
    pub(super) at_work: usize,
    pub(super) sets: Sets,
    /// The table that was read last, until it is taken, and how it was read.
    pub(super) read: Option<(Arc<SampleSet>, Vec<String>)>,
    #[cfg(feature = "models")]
    pub(super) ready: Option<Rc<Ready>>,
    /// Whether drawing rests.
    pub(super) held: bool,
}

pub(super) type Shared = Rc<RefCell<State>>;

/// The models, and what they were made for.
#[cfg(feature = "models")]
pub(super) struct Ready {
    pub(super) config: DrawConfig,
    pub(super) models: Models,
    pub(super) generator: String,
}

impl State {
    /// Request `id` is not at work any more.
    pub(super) fn has_ended(&mut self, id: RequestId) {
        self.at_work -= 1;
        self.cancelled.remove(&id);
        if self.current == Some(id) {
            self.current = None;
        }
    }
}
