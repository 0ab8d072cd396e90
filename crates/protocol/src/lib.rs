//! The messages between page and worker, and nothing else: so the page never links the models.
//!
//! Every request travels as [`ToWorker`] with an id; every reply as [`FromWorker`] with the id of its
//! request. A request ends with exactly one final reply ([`Reply::is_final`]); any number of progress replies
//! may come before it.

mod generation;
pub mod link;
pub mod wire;

pub use generation::*;
pub use palette_study::align::{Aligned, Realised};
pub use palette_study::*;
pub use palette_tables::Sampling;

use palette_tables::{Palette, SampleSet};
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
    /// Solve a palette on the set in use. A newer `Solve` overtakes an older one, which then ends with
    /// `Cancelled`. Final reply: `Solved`.
    Solve { palette: Palette, pooling: Pooling },
    /// Work out repairs of a palette. With a budget in nats also the nearest palette at that price. Final
    /// reply: `Repairs`.
    Repairs { question: Question, budget: Option<f64> },
    /// Bootstrap and cross-fit a palette. Progress: `Trusting`. Final reply: `Trusted`, or `Cancelled` as
    /// soon as anything else is asked.
    Trust { question: Question, resamples: usize, folds: usize, seed: u64 },
    /// Solve a palette for choosing one of `k` drafts. Final reply: `Drafted`.
    Drafts { question: Question, k: usize, seed: u64 },
    /// Align to one value after another. Final reply: `Sequences`.
    Sequential { question: Question, rounds: usize },
    /// Load what drawing and scoring needs (from the cache where it is there). Progress: `Loading`. Final
    /// reply: `Prepared`.
    Prepare(DrawConfig),
    /// Draw and score answers to one prompt; the worker must be prepared. Progress: `Drawing`. Final reply:
    /// `Drawn`.
    Draw(DrawRequest),
    /// Pick one draft of each prompt. Final reply: `Aligned`.
    Pick(Box<PickRequest>),
    /// Reward every answer of a set by one more head. Progress: `Loading`, `Scoring`. Final reply: `Scored`.
    Score(Box<ScoreRequest>),
    /// Say what a head file holds. Final reply: `Head`.
    ReadHead(HeadFile),
    /// Say which model files the cache holds. Final reply: `Stored`.
    Stored,
    /// Bring what is missing of a model into the cache, without making anything of it. Progress: `Loading`.
    /// Final reply: `Done`.
    Fetch { model: String },
    /// Check every cached file of a model against its SHA-256, and drop those that fail. Progress: `Loading`.
    /// Final reply: `Verified`.
    Verify { model: String },
    /// Delete the cached files of one model. Final reply: `Done`.
    Delete { model: String },
    /// Stop working between two steps, or go on. Has no reply.
    Hold { paused: bool },
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
    Repairs(Vec<EasedRepair>),
    Trusting {
        done: usize,
        total: usize,
    },
    Trusted(Box<Trust>),
    Drafted(Box<Drafted>),
    Sequences(Box<Sequences>),
    Loading(Loading),
    Prepared(Box<Prepared>),
    Drawing(Drawing),
    Drawn(Box<Drawn>),
    Aligned(Box<Aligned>),
    /// How many answers have been scored.
    Scoring {
        done: usize,
        total: usize,
    },
    Scored {
        set: SampleSet,
        notes: Vec<String>,
    },
    /// The value that a head file adds.
    Head(palette_tables::Value),
    Stored(Store),
    /// The files that failed their check and were dropped.
    Verified {
        broken: Vec<String>,
    },
    Done {
        notes: Vec<String>,
    },
    Cancelled,
    /// What went wrong and what to do, in a plain sentence.
    Failed {
        message: String,
    },
    /// The worker is gone, for a reason that says nothing about the request: another worker may be asked the
    /// same. In a plain sentence.
    Lost {
        message: String,
    },
}

impl Reply {
    /// Whether no further reply to the same request follows.
    pub fn is_final(&self) -> bool {
        !matches!(
            self,
            Reply::Ready
                | Reply::Trusting { .. }
                | Reply::Loading(_)
                | Reply::Drawing(_)
                | Reply::Scoring { .. }
        )
    }
}
