//! What page and worker say to each other, and nothing else: so the page never links the models.
//!
//! A request is a value of a type that is a [`Call`]: it names what it is answered with. It travels as
//! [`ToWorker`] with an id, and everything that comes back as [`FromWorker`] with the same id. A request ends
//! with exactly one answer that is final ([`Answer::is_final`]); any number of [`Answer::Progress`] may come
//! before it. A reply about a sample set says besides which set and which question it is about ([`OnSet`]).

pub mod calls;
mod columns;
mod generation;
mod identity;
pub mod link;
pub mod stored;
pub mod wire;

pub use calls::Request;
pub use generation::*;
pub use identity::{SetKey, fingerprint};
pub use palette_tables::visible;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// Identifies a request; larger is newer.
pub type RequestId = u32;

/// A request, by what it is answered with.
pub trait Call: Into<Request> {
    /// What it ends with when all goes well.
    type Reply: Serialize + DeserializeOwned + 'static;
    /// What is told before that; [`NoProgress`] where nothing is.
    type Progress: Serialize + DeserializeOwned + 'static;
}

/// There is nothing to tell before the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoProgress {}

/// What the page sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ToWorker {
    Call {
        id: RequestId,
        request: Request,
    },
    /// End this request as soon as possible, with [`Answer::Cancelled`].
    Cancel {
        id: RequestId,
    },
    /// Stop drawing between two steps, or go on.
    Hold {
        paused: bool,
    },
}

/// What the worker sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum FromWorker {
    /// Once, when it has started.
    Ready,
    /// It holds the lock of this name for as long as it lives, and nobody else does.
    Holds { lock: String },
    /// From time to time while it has something to do: it hears what it is sent.
    Alive,
    /// Instead of that: a plain sentence about why it cannot start. Said by crates/worker/loader.js.
    CannotStart(String),
    /// About request `id`: an [`Answer`] in the types of its [`Call`], which only they can read.
    Answer {
        id: RequestId,
        #[serde(with = "serde_wasm_bindgen::preserve")]
        answer: JsValue,
    },
    /// What the page sent could not be read.
    Unreadable,
}

/// What is said about a request with this reply and this progress.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer<R, P> {
    Progress(P),
    Done(R),
    Cancelled,
    /// A plain sentence: what went wrong and what to do.
    Failed(String),
    /// The worker is gone, for a reason that says nothing about the request: another worker may be asked the
    /// same. A plain sentence.
    Lost(String),
}

impl<R, P> Answer<R, P> {
    /// Whether nothing more is said about the request.
    pub fn is_final(&self) -> bool {
        !matches!(self, Answer::Progress(_))
    }
}

/// The reply to a question about a sample set that the worker should hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum OnSet<T> {
    Held {
        /// The set that it was worked out on.
        on: SetKey,
        /// [`fingerprint`] of the call as the worker heard it.
        asked: u64,
        reply: T,
    },
    /// The worker does not hold the set (any more): it must be given with [`calls::Use`], and asked again.
    NotHeld,
}
