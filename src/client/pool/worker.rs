//! One worker of a pool, which stays from job to job.

use crate::client::Connection;
use palette_protocol::{DrawConfig, Prepared};
use std::cell::{Cell, RefCell};

/// What such a worker does, for messages.
pub(super) const ROLE: &str = "model";

pub(super) struct PoolWorker {
    pub(super) connection: Connection,
    /// Tokens drawn to the prompt that it has.
    pub(super) tokens: Cell<usize>,
    /// Which start of the worker was prepared, with what, and what it said then.
    prepared: RefCell<Option<(u32, DrawConfig, Prepared)>>,
}

impl Default for PoolWorker {
    fn default() -> Self {
        PoolWorker {
            connection: Connection::with_models(ROLE),
            tokens: Cell::new(0),
            prepared: RefCell::new(None),
        }
    }
}

impl PoolWorker {
    /// It can draw with this config.
    pub(super) fn is_prepared(&self, config: &DrawConfig, prepared: &Prepared) {
        let generation = self.connection.generation();
        *self.prepared.borrow_mut() =
            generation.map(|generation| (generation, config.clone(), prepared.clone()));
    }

    /// What it said when it was prepared with this config; `None` when it is not, or was started again
    /// since.
    pub(super) fn prepared_with(&self, config: &DrawConfig) -> Option<Prepared> {
        let prepared = self.prepared.borrow();
        let (generation, with, prepared) = prepared.as_ref()?;
        (self.connection.generation() == Some(*generation) && with == config).then(|| prepared.clone())
    }
}
