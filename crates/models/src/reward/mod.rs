//! A reward for each human value: heads on the sentence encoder, statistics of the text, log-probability.
//!
//! Every answer gets seven finite rewards, in the order and units of [`VALUES`]; then one for each head
//! trained elsewhere that the scorer was given. More is always more of the value.
//!
//! An empty answer (nothing but spaces) says nothing, and is scored so: its embedding is all zeros, which
//! leaves each head its bias and what the prompt alone gives; it is neither coherent nor diverse (0); and it
//! is as fluent as a blind guess at one token (−ln of the vocabulary).

mod diversity;
mod external;
mod file;
mod head;
mod words;

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::ModelError;
use crate::encoder::Encoder;
use palette_tables::Value;
use palette_tables::values::USUAL_VALUES;

pub use diversity::diversity;
pub use head::{Block, Head, HeldOut, Read, features};
pub use words::{different_words, new_words};

/// The trained heads, as `palette train` wrote them, in the order of [`USUAL_VALUES`].
const HEADS: [&str; 4] = [
    include_str!("heads/humor.json"),
    include_str!("heads/helpful.json"),
    include_str!("heads/harmless.json"),
    include_str!("heads/positive.json"),
];

/// Numbers in an embedding of all-MiniLM-L6-v2.
const WIDTH: usize = 384;

/// Log-probability of one token guessed blindly among the generator's 49,152.
const BLIND_GUESS: f64 = -10.802_672_8;

/// How the values without a head are measured, in the order of [`USUAL_VALUES`].
const MEASURED: [&str; 3] = [
    "The product over n = 2, 3, 4 of the distinct n-grams among all n-grams plus one, on lower-cased words: \
        high when little is repeated.",
    "The cosine between the MiniLM sentence embeddings of prompt and answer: high when the answer stays on \
        the prompt's topic.",
    "The mean log-probability of the answer's tokens under the unaligned language model: high when the \
        wording is what the model expects.",
];

/// The seven values of [`USUAL_VALUES`] and how each is measured.
pub static VALUES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    // The heads are part of the program and a test reads each of them.
    let heads = HEADS.iter().filter_map(|json| Head::read(json, WIDTH).ok());
    let measured = heads.map(|head| head.measured()).chain(MEASURED.map(str::to_owned));
    USUAL_VALUES
        .iter()
        .zip(measured)
        .map(|(usual, measured)| Value { name: usual.name.into(), unit: usual.unit.into(), measured })
        .collect()
});

/// What scoring needs of a prompt; made once for all its answers.
#[derive(Clone, Debug)]
pub struct PromptEmbedding {
    embedding: Vec<f32>,
    words: HashSet<String>,
}

/// Scores answers: the sentence encoder and the trained heads.
pub struct Scorer {
    encoder: Encoder,
    heads: Vec<Head>,
    /// Heads trained elsewhere; their rewards stand after the seven.
    extra: Vec<Head>,
}

impl Scorer {
    /// Reads the built-in heads. Fails when they do not fit the encoder.
    pub fn new(encoder: Encoder) -> Result<Self, ModelError> {
        Self::with_heads(encoder, Vec::new())
    }

    /// The built-in heads and `extra` ones, which were trained elsewhere. Fails when one does not fit the
    /// encoder or two share a name.
    pub fn with_heads(encoder: Encoder, extra: Vec<Head>) -> Result<Self, ModelError> {
        let heads = HEADS.iter().map(|json| Head::read(json, encoder.width())).collect::<Result<_, _>>()?;
        let mut names: HashSet<&str> = VALUES.iter().map(|v| v.name.as_str()).collect();
        for head in &extra {
            head.check(encoder.width())?;
            if !names.insert(&head.name) {
                return Err(ModelError::Setting(format!(
                    "Two values are called {}; give each head a name of its own.",
                    head.name
                )));
            }
        }
        Ok(Scorer { encoder, heads, extra })
    }

    /// The seven values, in the order of the rewards.
    pub fn values() -> Vec<Value> {
        VALUES.clone()
    }

    /// The seven values and those of the heads trained elsewhere, in the order of this scorer's rewards.
    pub fn all_values(&self) -> Vec<Value> {
        let extra = self.extra.iter().map(|head| Value {
            name: head.name.clone(),
            unit: head.unit.clone(),
            measured: head.measured(),
        });
        Self::values().into_iter().chain(extra).collect()
    }

    /// Reads a prompt. Only its first 128 word pieces count for the embedding.
    pub fn prompt(&self, prompt: &str) -> Result<PromptEmbedding, ModelError> {
        Ok(PromptEmbedding { embedding: self.encoder.embed(prompt)?, words: different_words(prompt) })
    }

    /// The rewards of `answer`, in the order of [`Scorer::all_values`]. `mean_log_probability` is the mean
    /// over its tokens, in nats, under the generator at temperature 1; for an empty answer it may be NaN.
    /// Fails when it is not finite for an answer that says something.
    pub fn score(
        &self,
        prompt: &PromptEmbedding,
        answer: &str,
        mean_log_probability: f64,
    ) -> Result<Vec<f64>, ModelError> {
        Ok(self.score_all(prompt, &[(answer, mean_log_probability)])?.pop().unwrap_or_default())
    }

    /// As [`Scorer::score`], for several answers to one prompt (each with its mean log-probability): the same
    /// rewards, sooner.
    pub fn score_all(
        &self,
        prompt: &PromptEmbedding,
        answers: &[(&str, f64)],
    ) -> Result<Vec<Vec<f64>>, ModelError> {
        let texts: Vec<&str> = answers.iter().map(|(text, _)| *text).collect();
        let embeddings = self.encoder.embed_all(&texts)?;
        answers
            .iter()
            .zip(embeddings)
            .map(|((text, mean), embedding)| self.rewards(prompt, text, embedding, *mean))
            .collect()
    }

    fn rewards(
        &self,
        prompt: &PromptEmbedding,
        answer: &str,
        embedding: Vec<f32>,
        mean_log_probability: f64,
    ) -> Result<Vec<f64>, ModelError> {
        let empty = answer.trim().is_empty();
        let embedding = if empty { vec![0.0; self.encoder.width()] } else { embedding };
        let read = Read {
            prompt: &prompt.embedding,
            answer: &embedding,
            new_words: new_words(&prompt.words, answer),
        };
        let mut rewards: Vec<f64> = self.heads.iter().map(|head| head.reward(read)).collect();
        rewards.push(diversity(answer));
        rewards.push(prompt.embedding.iter().zip(&embedding).map(|(p, a)| f64::from(p * a)).sum());
        rewards.push(if empty { BLIND_GUESS } else { mean_log_probability });
        rewards.extend(self.extra.iter().map(|head| head.reward(read)));
        match rewards.iter().position(|r| !r.is_finite()) {
            None => Ok(rewards),
            Some(i) => Err(ModelError::Setting(format!(
                "The reward {} of an answer is not a number.",
                self.all_values().get(i).map_or("?", |v| v.name.as_str())
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seven_values_stand_in_order_and_say_how_they_are_measured() {
        let names: Vec<&str> = VALUES.iter().map(|v| v.name.as_str()).collect();
        assert_eq!(names, ["humor", "helpful", "harmless", "positive", "diverse", "coherent", "fluent"]);
        assert!(VALUES.iter().all(|v| !v.unit.is_empty() && v.measured.ends_with('.')));
        for (json, value) in HEADS.iter().zip(VALUES.iter()) {
            let head = Head::read(json, WIDTH).unwrap();
            assert_eq!((&head.name, &head.unit), (&value.name, &value.unit));
        }
        for value in &VALUES[..4] {
            assert!(value.measured.contains("held out"), "{}", value.measured);
        }
    }

    #[test]
    fn a_blind_guess_is_one_of_the_whole_vocabulary() {
        assert!((BLIND_GUESS + 49_152f64.ln()).abs() < 1e-6);
    }
}
