//! Drawing, scoring and picking answers.

use crate::table::SampleSet;
use serde::{Deserialize, Serialize};

/// How answers are drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// Answers per prompt, k ≥ 1.
    pub answers: usize,
    /// Longest answer in tokens, ≥ 1.
    pub max_tokens: usize,
    /// 0 draws the likeliest token.
    pub temperature: f64,
    /// Keep the `top_k` likeliest tokens; 0 keeps all.
    pub top_k: usize,
    /// Keep the smallest set of tokens with this much probability; 1 keeps all.
    pub top_p: f64,
    pub seed: u64,
}

impl Default for Sampling {
    fn default() -> Self {
        Sampling { answers: 16, max_tokens: 48, temperature: 1.0, top_k: 50, top_p: 1.0, seed: 1 }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GenerateRequest {
    pub prompts: Vec<String>,
    pub sampling: Sampling,
}

/// What picking needs beside the drawing: the solved palette.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlignRequest {
    pub prompts: Vec<String>,
    pub sampling: Sampling,
    /// For every value by name: λ in nats per unit.
    pub lambda: Vec<(String, f64)>,
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

/// Text as it comes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Generating {
    /// Index of the prompt at work, and how many there are.
    pub prompt: usize,
    pub prompts: usize,
    /// The answers so far to this prompt, whole.
    pub texts: Vec<String>,
    /// Tokens drawn since the start, over all prompts.
    pub tokens: usize,
    /// Tokens a second since the start of drawing, over all samples.
    pub tokens_per_second: f64,
    /// Whether the answers are being scored now.
    pub scoring: bool,
}

/// Picked answers on fresh prompts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aligned {
    /// All drafts with their rewards.
    pub drafts: SampleSet,
    /// For each prompt, the index into `drafts.answers` of the picked answer.
    pub picked: Vec<usize>,
    /// For each draft, the probability with which it was picked among its prompt's.
    pub probability: Vec<f64>,
    /// For each value of `drafts`: what came out.
    pub realised: Vec<Realised>,
    pub seconds: f64,
    pub tokens: usize,
}

/// What came out for one value; levels in its own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Realised {
    /// Mean over prompts of the mean of the drafts.
    pub base: f64,
    /// Mean reward of the picked answers.
    pub picked: f64,
    /// 95% interval of `picked` (Student's t over prompts); `None` with fewer than two prompts.
    pub interval: Option<[f64; 2]>,
    /// Mean over prompts of Σ_j p_j r_j: what picking gives on average over its own chance.
    pub expected: f64,
}
