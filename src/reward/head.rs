//! A linear head on sentence embeddings: the reward is bias + Σ weight · feature.

use serde::{Deserialize, Serialize};

use crate::model::ModelError;

/// A block of features made of an answer's and its prompt's embedding, both of D numbers and length 1.
///
/// The factors bring each feature to a spread of about 1, so that one L2 strength suits all blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Block {
    /// √D · answer.
    Answer,
    /// √D · prompt.
    Prompt,
    /// D · answer · prompt, number by number: what answer and prompt have in common.
    Product,
}

/// How the head did on rows that it never saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    /// What was told apart, e.g. `jokes from headlines`.
    pub task: String,
    /// `AUC`, or `pairs ranked rightly`.
    pub metric: String,
    pub figure: f64,
    /// 95% interval by bootstrap over prompts.
    pub interval: [f64; 2],
    pub rows: usize,
}

/// A trained head, as `palette train` writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The value that it measures.
    pub name: String,
    /// The unit of its reward.
    pub unit: String,
    pub blocks: Vec<Block>,
    pub bias: f64,
    /// D weights for each of `blocks`, in their order.
    pub weights: Vec<f32>,
    pub held_out: Vec<HeldOut>,
}

/// The features of an answer, block after block. Without an answer (or a prompt) its embedding is all zeros.
pub fn features(blocks: &[Block], prompt: &[f32], answer: &[f32]) -> Vec<f32> {
    let d = answer.len() as f32;
    let root = d.sqrt();
    let mut features = Vec::with_capacity(blocks.len() * answer.len());
    for block in blocks {
        match block {
            Block::Answer => features.extend(answer.iter().map(|a| root * a)),
            Block::Prompt => features.extend(prompt.iter().map(|p| root * p)),
            Block::Product => features.extend(answer.iter().zip(prompt).map(|(a, p)| d * a * p)),
        }
    }
    features
}

impl Head {
    /// Reads a head and checks that it fits embeddings of `width` numbers.
    pub fn read(json: &str, width: usize) -> Result<Self, ModelError> {
        let head: Head = serde_json::from_str(json).map_err(|e| ModelError::Format(format!("a reward head: {e}")))?;
        let expected = head.blocks.len() * width;
        if head.weights.len() != expected {
            return Err(ModelError::Format(format!(
                "the head {} has {} weights; the encoder needs {expected}",
                head.name,
                head.weights.len()
            )));
        }
        if !head.bias.is_finite() || head.weights.iter().any(|w| !w.is_finite()) {
            return Err(ModelError::Format(format!("the head {} has a weight that is no number", head.name)));
        }
        Ok(head)
    }

    /// The reward of an answer to a prompt, given both embeddings.
    pub fn reward(&self, prompt: &[f32], answer: &[f32]) -> f64 {
        let features = features(&self.blocks, prompt, answer);
        self.bias + features.iter().zip(&self.weights).map(|(f, w)| f64::from(*f) * f64::from(*w)).sum::<f64>()
    }

    /// One sentence that says how the reward is measured and how well.
    pub fn measured(&self) -> String {
        let prompt = if self.blocks.len() > 1 { " of answer and prompt" } else { " of the answer" };
        let figures: Vec<String> = self
            .held_out
            .iter()
            .map(|h| format!("{}: {} {} ({} to {})", h.task, h.metric, short(h.figure), short(h.interval[0]), short(h.interval[1])))
            .collect();
        format!("A logistic regression on the MiniLM sentence embedding{prompt}; held out, with 95% intervals, {}.", figures.join("; "))
    }
}

/// A share without its leading zero: .873.
fn short(share: f64) -> String {
    let text = format!("{share:.3}");
    text.strip_prefix('0').unwrap_or(&text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_laid_out_block_by_block() {
        let blocks = [Block::Answer, Block::Prompt, Block::Product];
        assert_eq!(
            features(&blocks, &[1.0, 0.0, 0.0, 2.0], &[0.0, 3.0, 0.0, 1.0]),
            [0.0, 6.0, 0.0, 2.0, 2.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0, 8.0]
        );
    }

    #[test]
    fn a_head_that_does_not_fit_is_refused() {
        let json = r#"{"name":"x","unit":"","blocks":["answer"],"bias":1.0,"weights":[0.5,-0.5],"held_out":[]}"#;
        let head = Head::read(json, 2).unwrap();
        assert!((head.reward(&[0.0, 0.0], &[1.0, 0.0]) - (1.0 + 2f64.sqrt() / 2.0)).abs() < 1e-6);
        assert!(Head::read(json, 3).is_err());
        assert!(Head::read("{}", 2).is_err());
    }
}
