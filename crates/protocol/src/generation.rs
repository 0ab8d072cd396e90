//! What is said about tables, about drawing, scoring and picking answers, and about the models that it takes.

use crate::{SetKey, columns};
use palette_study::align::{Calibrated, Judged};
use palette_study::packed;
use palette_study::studies::StudyReport;
use palette_tables::import::Preview;
use palette_tables::{SampleSet, Value};
use send_wrapper::SendWrapper;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// How much of a table has been read.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Importing {
    /// From 0 to 1.
    pub share: f64,
}

/// A table that was read, to be looked at before it is used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Previewed {
    /// Name of the sample set that it would be.
    pub name: String,
    /// Names of its values.
    pub values: Vec<String>,
    pub prompts: usize,
    pub preview: Preview,
    /// Plain sentences about how it was read.
    pub notes: Vec<String>,
}

/// A table that was read. The worker holds it too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// The set as the worker holds it.
    pub key: SetKey,
    #[serde(with = "columns")]
    pub set: Arc<SampleSet>,
    /// Plain sentences about how it was read.
    pub notes: Vec<String>,
}

/// How many resamples of how many are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resampled {
    pub done: usize,
    pub total: usize,
}

/// What a study found, and how many seconds it was at work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Studied {
    pub report: StudyReport,
    pub seconds: f64,
}

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
    /// Which choice of the person's it is: a file chosen again may have changed.
    pub choice: u32,
    pub bytes: u64,
    pub file: OwnFile,
}

/// A `File` of the browser's, which the worker is handed as it is and reads piece by piece.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OwnFile(#[serde(with = "handed_over")] SendWrapper<JsValue>);

impl OwnFile {
    pub fn new(file: JsValue) -> Self {
        OwnFile(SendWrapper::new(file))
    }

    pub fn as_js(&self) -> &JsValue {
        &self.0
    }
}

/// A copy of a handed-over file is another object: which model it is says the rest of [`OwnModel`].
impl PartialEq for OwnFile {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

mod handed_over {
    use send_wrapper::SendWrapper;
    use serde::{Deserializer, Serializer};
    use serde_wasm_bindgen::preserve;
    use wasm_bindgen::JsValue;

    pub(super) fn serialize<S: Serializer>(
        file: &SendWrapper<JsValue>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        preserve::serialize::<S, JsValue>(file, serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<SendWrapper<JsValue>, D::Error> {
        preserve::deserialize::<D, JsValue>(deserializer).map(SendWrapper::new)
    }
}

/// A reward head trained elsewhere, as docs/heads.md describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadFile {
    /// The file's name.
    pub name: String,
    /// Its whole content (safetensors).
    #[serde(with = "packed")]
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

/// What came of picking one draft of each prompt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aligned {
    /// By the λ that was asked for; `None` where it was calibrated.
    pub judged: Option<Judged>,
    pub calibrated: Option<Calibrated>,
}

/// A value to add to a sample set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    pub value: Value,
    /// For each answer.
    #[serde(with = "packed")]
    pub rewards: Vec<f64>,
    /// Plain sentences about how loading went.
    pub notes: Vec<String>,
}

/// How far scoring is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Scoring {
    /// The encoder is on its way.
    Loading(Loading),
    /// So many answers of so many have been scored.
    Answers { done: usize, total: usize },
}

/// Weights on their way from the network or the cache.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loading {
    pub bytes: u64,
    pub total: u64,
    pub from_cache: bool,
    /// Seconds for which nothing has come.
    pub silent: u32,
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
