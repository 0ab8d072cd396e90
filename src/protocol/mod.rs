//! The messages between page and worker, and nothing else: so the page never links the models.
//!
//! Every request travels as [`ToWorker`] with an id; every reply as [`FromWorker`] with the id of its request. A request ends with exactly one
//! final reply ([`Reply::is_final`]); any number of progress replies may come before it.

mod generation;
mod packed;
mod solution;
mod study;
#[cfg(feature = "browser")]
pub mod wire;

pub use generation::*;
pub use solution::*;
pub use study::*;

use crate::table::{Palette, SampleSet};
use serde::{Deserialize, Serialize};

/// Identifies a request; larger is newer.
pub type RequestId = u32;

/// What the page sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ToWorker {
    pub id: RequestId,
    pub request: Request,
}

/// What the worker sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FromWorker {
    /// The request that this answers; 0 for [`Reply::Ready`].
    pub id: RequestId,
    pub reply: Reply,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// Read a reward table from a dropped file. Final reply: `Imported`.
    Import { name: String, text: String },
    /// Keep this sample set for the `Solve` requests that follow. Final reply: `Done`.
    Use { set: SampleSet },
    /// Solve a palette on the set in use. A newer `Solve` overtakes an older one, which then ends with `Cancelled`. Final reply: `Solved`.
    Solve { palette: Palette, pooling: Pooling },
    /// Work out repairs of a palette. With a budget in nats also the nearest palette at that price. Final reply: `Repairs`.
    Repairs { question: Question, budget: Option<f64> },
    /// Bootstrap and cross-fit a palette. Progress: `Trusting`. Final reply: `Trusted`, or `Cancelled` as soon as anything else is asked.
    Trust { question: Question, resamples: usize, folds: usize, seed: u64 },
    /// Solve a palette for choosing one of `k` drafts. Final reply: `Drafted`.
    Drafts { question: Question, k: usize, seed: u64 },
    /// Align to one value after another. Final reply: `Sequences`.
    Sequential { question: Question, rounds: usize },
    /// Load the models (from the cache where they are in it) without doing anything with them. Progress: `Loading`. Final reply: `Done`.
    Load,
    /// Say which model files the cache holds. Final reply: `Stored`.
    Stored,
    /// Delete the cached model files. Final reply: `Done`.
    DeleteStored,
    /// Draw and score answers. Progress: `Loading`, `Generating`. Final reply: `Generated`.
    Generate(GenerateRequest),
    /// Draw, score and pick. Progress: `Loading`, `Generating`. Final reply: `Aligned`.
    Align(AlignRequest),
    /// End request `target` as soon as possible; it ends with `Cancelled`. Has no reply of its own.
    Cancel { target: RequestId },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// Sent once when the worker has started.
    Ready,
    Imported {
        set: SampleSet,
        notes: Vec<String>,
    },
    Solved(Box<Solved>),
    Repairs(Vec<ShownRepair>),
    Trusting {
        done: usize,
        total: usize,
    },
    Trusted(Box<Trust>),
    Drafted(Box<Drafted>),
    Sequences(Box<Sequences>),
    Loading(Loading),
    Generating(Generating),
    Generated {
        set: SampleSet,
        seconds: f64,
        tokens: usize,
        #[serde(default)]
        notes: Vec<String>,
    },
    Aligned(Box<Aligned>),
    Stored {
        bytes: u64,
        complete: bool,
    },
    Done {
        notes: Vec<String>,
    },
    Cancelled,
    /// What went wrong and what to do, in a plain sentence.
    Failed {
        message: String,
    },
}

impl Reply {
    /// Whether no further reply to the same request follows.
    pub fn is_final(&self) -> bool {
        !matches!(self, Reply::Ready | Reply::Trusting { .. } | Reply::Loading(_) | Reply::Generating(_))
    }
}
