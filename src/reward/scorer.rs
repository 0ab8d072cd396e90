//! All seven rewards of an answer.

use super::diversity::diversity;
use super::head::Head;
use crate::model::ModelError;
use crate::model::encoder::Encoder;
use crate::table::Value;

/// The values, in the order of the rewards.
pub const VALUES: [&str; 7] = ["humor", "helpful", "harmless", "positive", "diverse", "coherent", "fluent"];

const HEADS: &str = include_str!("heads/heads.json");

/// The encoder with the heads on it.
pub struct Scorer {
    encoder: Encoder,
    heads: Vec<Head>,
}

/// What scoring needs of a prompt.
pub struct PromptEmbedding(Vec<f32>);

impl Scorer {
    /// # Errors
    /// When the heads that this was built with cannot be read.
    pub fn new(encoder: Encoder) -> Result<Self, ModelError> {
        Ok(Scorer { encoder, heads: heads()? })
    }

    /// The seven values with unit and how each is measured.
    pub fn values() -> Vec<Value> {
        let heads = heads().unwrap_or_default();
        VALUES
            .iter()
            .map(|name| {
                let (unit, measured) = match *name {
                    "diverse" => ("0–1", "Distinct word sequences: Π over n = 2, 3, 4 of distinct n-grams / (n-grams + 1).".into()),
                    "coherent" => ("cosine", "Cosine of the sentence embeddings (all-MiniLM-L6-v2) of prompt and answer.".into()),
                    "fluent" => ("log p / token", "Mean log-probability of the answer's tokens under SmolLM2-135M-Instruct, in nats.".into()),
                    name => heads.iter().find(|h| h.value == name).map_or(("", String::new()), |h| (unit_of(&h.unit), h.measured.clone())),
                };
                Value { name: (*name).into(), unit: unit.into(), measured }
            })
            .collect()
    }

    /// Embeds a prompt once for all of its answers.
    ///
    /// # Errors
    /// When the encoder fails.
    pub fn prompt(&self, prompt: &str) -> Result<PromptEmbedding, ModelError> {
        Ok(PromptEmbedding(self.encoder.embed(prompt)?))
    }

    /// The rewards of `answer`, in the order of [`VALUES`] and their units; finite. An empty answer is embedded as no words, has diversity 0 and
    /// fluency as given.
    ///
    /// # Errors
    /// When the encoder fails.
    pub fn score(&self, prompt: &PromptEmbedding, answer: &str, mean_log_probability: f64) -> Result<Vec<f64>, ModelError> {
        let embedding = self.encoder.embed(answer)?;
        let cosine: f64 = prompt.0.iter().zip(&embedding).map(|(p, a)| f64::from(*p) * f64::from(*a)).sum();
        VALUES
            .iter()
            .map(|name| match *name {
                "diverse" => Ok(diversity(answer)),
                "coherent" => Ok(cosine),
                "fluent" => Ok(mean_log_probability),
                name => {
                    let head = self.heads.iter().find(|h| h.value == name);
                    head.map(|h| h.score(&prompt.0, &embedding)).ok_or_else(|| ModelError::Format(format!("there is no head for {name}")))
                }
            })
            .collect()
    }
}

fn unit_of(unit: &str) -> &'static str {
    if unit == "log-odds" { "log-odds" } else { "score" }
}

fn heads() -> Result<Vec<Head>, ModelError> {
    serde_json::from_str(HEADS).map_err(|e| ModelError::Format(format!("the reward heads of this build: {e}")))
}
