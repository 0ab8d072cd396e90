//! One worker of a pool: what it does, what it was prepared with, and how often it died.

use crate::client::Connection;
use palette_protocol::{DrawConfig, Prepared, Request, RequestId};
use std::time::Duration;

/// How long a worker may take to end what was cancelled before it is ended with it.
const PATIENCE: Duration = Duration::from_secs(4);
/// Looks in a row at which nothing was heard of a worker that draws, after which it is taken for dead.
/// Counting looks and not seconds spares the workers of a computer that slept.
const SILENT_LOOKS: u32 = 6;
/// Times that a worker is started again within one job.
const MOST_RESTARTS: u32 = 3;

pub(super) struct Hand {
    pub(super) connection: Connection,
    pub(super) work: Work,
    /// What it was prepared with, which start of it that was, and what it said then.
    prepared: Option<(u32, DrawConfig, Prepared)>,
    silent: u32,
    restarts: u32,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Work {
    Idle,
    Preparing(RequestId),
    Drawing {
        id: RequestId,
        tokens: usize,
    },
    /// Not used in this job any more.
    Retired,
}

impl Hand {
    pub(super) fn new() -> Self {
        Hand {
            connection: Connection::new("model"),
            work: Work::Idle,
            prepared: None,
            silent: 0,
            restarts: 0,
        }
    }

    /// Makes it ready for another job.
    pub(super) fn starts_anew(&mut self) {
        (self.work, self.silent, self.restarts) = (Work::Idle, 0, 0);
    }

    /// It can draw with this config.
    pub(super) fn has(&mut self, config: &DrawConfig, prepared: Prepared) {
        self.prepared = self.connection.generation().map(|generation| (generation, config.clone(), prepared));
        self.work = Work::Idle;
    }

    /// What it said when it was prepared with this config; `None` when it is not, or was started again
    /// since.
    pub(super) fn prepared_with(&self, config: &DrawConfig) -> Option<&Prepared> {
        let (generation, with, prepared) = self.prepared.as_ref()?;
        (self.connection.generation() == Some(*generation) && with == config).then_some(prepared)
    }

    pub(super) fn hold(&self, paused: bool) {
        self.connection.tell(Request::Hold { paused });
    }

    /// Something was heard of it, or will be now.
    pub(super) fn is_alive(&mut self) {
        self.silent = 0;
    }

    /// It has drawn so many tokens to the prompt that it has.
    pub(super) fn has_drawn(&mut self, now: usize) {
        self.is_alive();
        if let Work::Drawing { tokens, .. } = &mut self.work {
            *tokens = now;
        }
    }

    /// Tokens drawn to the prompt that it has.
    pub(super) fn tokens(&self) -> usize {
        if let Work::Drawing { tokens, .. } = self.work { tokens } else { 0 }
    }

    /// Counts a look; whether it seems dead by now.
    pub(super) fn seems_dead(&mut self, paused: bool) -> bool {
        self.silent = if paused || !matches!(self.work, Work::Drawing { .. }) { 0 } else { self.silent + 1 };
        self.silent >= SILENT_LOOKS
    }

    /// It died; whether it may be started again.
    pub(super) fn died(&mut self) -> bool {
        self.work = Work::Idle;
        self.prepared = None;
        self.restarts += 1;
        self.restarts <= MOST_RESTARTS
    }

    /// It is of no more use in this job.
    pub(super) fn retire(&mut self) {
        self.work = Work::Retired;
        self.prepared = None;
    }

    /// Cancels what it does; a worker that does not obey soon is ended.
    pub(super) fn drop_work(&mut self) {
        let (Work::Preparing(id) | Work::Drawing { id, .. }) = std::mem::replace(&mut self.work, Work::Idle)
        else {
            return;
        };
        self.connection.cancel(id);
        let connection = self.connection.clone();
        let end = move || {
            if connection.is_open(id) {
                connection.stop();
            }
        };
        leptos::prelude::set_timeout(end, PATIENCE);
    }
}
