//! A linear head on embeddings.

use serde::{Deserialize, Serialize};

/// What a head looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Features {
    /// The answer's embedding.
    Answer,
    /// The answer's embedding, and its elementwise product with the prompt's.
    AnswerAndProduct,
}

/// bias + weights · features. Trained by `palette train`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    pub value: String,
    pub features: Features,
    pub bias: f64,
    pub weights: Vec<f64>,
    /// Unit of the score, e.g. `log-odds`.
    pub unit: String,
    /// How it is measured, with the held-out figure; one sentence.
    pub measured: String,
}

/// Features of an answer with embedding `answer` to a prompt with embedding `prompt`.
pub fn features(kind: Features, prompt: &[f32], answer: &[f32]) -> Vec<f64> {
    let mut x: Vec<f64> = answer.iter().map(|a| f64::from(*a)).collect();
    if kind == Features::AnswerAndProduct {
        // The product of two unit vectors is small: scaled so that both halves vary alike.
        x.extend(answer.iter().zip(prompt).map(|(a, p)| f64::from(*a) * f64::from(*p) * 20.0));
    }
    x
}

impl Head {
    /// The head's score for those embeddings, in its unit.
    pub fn score(&self, prompt: &[f32], answer: &[f32]) -> f64 {
        self.bias + features(self.features, prompt, answer).iter().zip(&self.weights).map(|(x, w)| x * w).sum::<f64>()
    }
}
