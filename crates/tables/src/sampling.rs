//! How answers are drawn, the random numbers for it, and what comes of it.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The most prompts that are answered at a time.
pub const MOST_PROMPTS: usize = 2000;

/// How answers are drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// Answers per prompt, 1 to 256.
    pub answers: usize,
    /// Longest answer in tokens, 1 to 1024.
    pub max_tokens: usize,
    /// 0 draws the likeliest token.
    pub temperature: f64,
    /// Keep the `top_k` likeliest tokens; 0 keeps all.
    pub top_k: usize,
    /// Keep the smallest set of tokens with this much probability; 1 keeps all.
    pub top_p: f64,
    pub seed: u64,
    /// The system message before the prompt; `None` leaves it the sentence it was trained with, an empty
    /// text says nothing.
    #[serde(default)]
    pub system: Option<String>,
}

impl Sampling {
    /// One line about answers drawn so by `model`, for a sample set.
    pub fn about(&self, model: &str) -> String {
        format!(
            "up to {} tokens by {model}, temperature {}, seed {}",
            self.max_tokens, self.temperature, self.seed
        )
    }
}

impl Default for Sampling {
    fn default() -> Self {
        Sampling {
            answers: 16,
            max_tokens: 48,
            temperature: 1.0,
            top_k: 50,
            top_p: 1.0,
            seed: 1,
            system: None,
        }
    }
}

/// The finished answers to one prompt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    pub texts: Vec<String>,
    /// For each text, a reward for each value of the scorer.
    pub rewards: Vec<Vec<f64>>,
    /// Tokens of all answers.
    pub tokens: usize,
    /// Seconds at work on reading the prompt and drawing, and on scoring; time on hold is not counted.
    pub drawing_seconds: f64,
    pub scoring_seconds: f64,
}

/// A stream of random numbers of its own for every (seed, prompt, tag): the same wherever, whenever and
/// beside whatever it is drawn.
pub fn stream(seed: u64, prompt: &str, tag: &str) -> ChaCha8Rng {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update((prompt.len() as u64).to_le_bytes());
    hash.update(prompt.as_bytes());
    hash.update(tag.as_bytes());
    ChaCha8Rng::from_seed(hash.finalize().into())
}
