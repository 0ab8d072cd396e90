//! A reward for each human value: heads on the sentence encoder, statistics of the text, log-probability.

pub mod diversity;
pub mod head;
mod scorer;

pub use scorer::{PromptEmbedding, Scorer, VALUES};
