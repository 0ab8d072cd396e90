//! Drawing, scoring and picking answers, and the models that it takes.

pub use palette_tables::Drawn;
use palette_tables::{SampleSet, Sampling, Value};
use serde::{Deserialize, Serialize};

/// What a worker draws and scores with. A worker keeps it until it is told otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DrawConfig {
    /// `None`: the page's own language model.
    pub own_model: Option<OwnModel>,
    /// Heads trained elsewhere, each a value beside the page's own.
    pub heads: Vec<HeadFile>,
}

/// A language model from the person's disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnModel {
    /// The file's name.
    pub name: String,
    /// A `blob:` address, from which the worker reads the file piece by piece.
    pub url: String,
    pub bytes: u64,
}

/// A reward head trained elsewhere, as docs/heads.md describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadFile {
    /// The file's name.
    pub name: String,
    /// Its whole content (safetensors).
    pub bytes: Vec<u8>,
}

/// A worker is ready to draw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// The values that every answer will be rewarded for, in the order of its rewards.
    pub values: Vec<Value>,
    /// Name of the language model.
    pub generator: String,
    /// Bytes of the worker's memory, all in all.
    pub memory: u64,
    /// Plain sentences about how loading went.
    pub notes: Vec<String>,
}

/// Answers to draw to one prompt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawRequest {
    pub prompt: String,
    pub sampling: Sampling,
}

/// The answers to one prompt as they come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawing {
    /// The answers so far, whole.
    pub texts: Vec<String>,
    /// Tokens drawn so far, over all answers.
    pub tokens: usize,
    /// Whether the answers are being scored now.
    pub scoring: bool,
}

/// Drafts to pick from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PickRequest {
    pub drafts: SampleSet,
    /// For every value by name: λ in nats per unit.
    pub lambda: Vec<(String, f64)>,
    pub seed: u64,
}

/// A value to add to a sample set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreRequest {
    pub set: SampleSet,
    pub head: HeadFile,
}

/// Weights on their way from the network or the cache.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loading {
    pub bytes: u64,
    pub total: u64,
    pub from_cache: bool,
    /// What is going on, e.g. `language model`.
    pub what: String,
}

/// A model that the page can use, and how much of it this browser holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredModel {
    /// `language-model` or `encoder`.
    pub id: String,
    pub name: String,
    pub licence: String,
    /// Package and file that it was made from.
    pub source: String,
    /// Bytes of the whole model, and of the shards that the cache holds.
    pub bytes: u64,
    pub stored_bytes: u64,
    pub shards: usize,
    pub stored_shards: usize,
}

/// What the model store holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Store {
    pub models: Vec<StoredModel>,
    /// Whether the browser lets the page keep files at all.
    pub keeps: bool,
}
