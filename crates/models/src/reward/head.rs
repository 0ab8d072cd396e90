//! A linear head on sentence embeddings: the reward is bias + Σ weight · feature.

use serde::{Deserialize, Serialize};

use crate::ModelError;

/// A block of features made of an answer's and its prompt's embedding, both of D numbers and length 1, and of
/// their words.
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
    /// One number, 5 · ln(1 + n), for the n different words of the answer that are not in the prompt: what
    /// the answer adds. The factor lets this one number weigh against hundreds under the same L2 strength.
    New,
}

impl Block {
    /// How many features the block has, for embeddings of `width` numbers.
    pub fn features(self, width: usize) -> usize {
        match self {
            Block::Answer | Block::Prompt | Block::Product => width,
            Block::New => 1,
        }
    }
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
    /// The weights of each of `blocks`, in their order.
    pub weights: Vec<f32>,
    /// Empty for a head trained elsewhere.
    #[serde(default)]
    pub held_out: Vec<HeldOut>,
    /// For a head trained elsewhere: how it measures, in a sentence, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
}

/// What the heads read of one answer to one prompt.
#[derive(Clone, Copy, Debug)]
pub struct Read<'a> {
    /// The embedding of the prompt; all zeros without one.
    pub prompt: &'a [f32],
    /// The embedding of the answer; all zeros without one.
    pub answer: &'a [f32],
    /// Different words of the answer that are not in the prompt.
    pub new_words: usize,
}

/// The features of an answer, block after block.
pub fn features(blocks: &[Block], read: Read) -> Vec<f32> {
    let d = read.answer.len() as f32;
    let root = d.sqrt();
    let mut features = Vec::with_capacity(blocks.iter().map(|b| b.features(read.answer.len())).sum());
    for block in blocks {
        match block {
            Block::Answer => features.extend(read.answer.iter().map(|a| root * a)),
            Block::Prompt => features.extend(read.prompt.iter().map(|p| root * p)),
            Block::Product => features.extend(read.answer.iter().zip(read.prompt).map(|(a, p)| d * a * p)),
            Block::New => features.push(5.0 * libm::log1pf(read.new_words as f32)),
        }
    }
    features
}

impl Head {
    /// Reads a head and checks that it fits embeddings of `width` numbers.
    pub fn read(json: &str, width: usize) -> Result<Self, ModelError> {
        let head: Head =
            serde_json::from_str(json).map_err(|e| ModelError::Format(format!("a reward head: {e}")))?;
        head.check(width)?;
        Ok(head)
    }

    /// Whether the head fits embeddings of `width` numbers.
    pub(super) fn check(&self, width: usize) -> Result<(), ModelError> {
        let expected: usize = self.blocks.iter().map(|b| b.features(width)).sum();
        if self.weights.len() != expected {
            return Err(ModelError::Format(format!(
                "the head {} has {} weights; the encoder needs {expected}",
                self.name,
                self.weights.len()
            )));
        }
        if !self.bias.is_finite() || self.weights.iter().any(|w| !w.is_finite()) {
            return Err(ModelError::Format(format!("the head {} has a weight that is no number", self.name)));
        }
        Ok(())
    }

    /// The reward of an answer.
    pub fn reward(&self, read: Read) -> f64 {
        let features = features(&self.blocks, read);
        self.bias
            + features.iter().zip(&self.weights).map(|(f, w)| f64::from(*f) * f64::from(*w)).sum::<f64>()
    }

    /// One sentence that says how the reward is measured and how well.
    pub fn measured(&self) -> String {
        if self.held_out.is_empty() {
            return self
                .says
                .clone()
                .unwrap_or_else(|| "A head trained elsewhere; how well it does is not said.".into());
        }
        let of = match (
            self.blocks.contains(&Block::Prompt) || self.blocks.contains(&Block::Product),
            self.blocks.contains(&Block::New),
        ) {
            (false, _) => "the MiniLM sentence embedding of the answer",
            (true, false) => "the MiniLM sentence embeddings of answer and prompt",
            (true, true) => {
                "the MiniLM sentence embeddings of answer and prompt and the number of words that the answer \
                    adds"
            }
        };
        let figures: Vec<String> = self
            .held_out
            .iter()
            .map(|h| {
                format!(
                    "{}: {} {} ({} to {})",
                    h.task,
                    h.metric,
                    short(h.figure),
                    short(h.interval[0]),
                    short(h.interval[1])
                )
            })
            .collect();
        format!("A logistic regression on {of}; held out, with 95% intervals, {}.", figures.join("; "))
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
        let read = Read { prompt: &[1.0, 0.0, 0.0, 2.0], answer: &[0.0, 3.0, 0.0, 1.0], new_words: 0 };
        assert_eq!(features(&blocks, read), [0.0, 6.0, 0.0, 2.0, 2.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0, 8.0]);
    }

    #[test]
    fn new_words_are_one_feature() {
        let read = |new_words| Read { prompt: &[1.0], answer: &[1.0], new_words };
        assert_eq!(features(&[Block::New, Block::Answer], read(0)), [0.0, 1.0]);
        assert!((features(&[Block::New], read(3))[0] - 5.0 * 4f32.ln()).abs() < 1e-6);
    }

    #[test]
    fn a_head_that_does_not_fit_is_refused() {
        let json =
            r#"{"name":"x","unit":"","blocks":["answer"],"bias":1.0,"weights":[0.5,-0.5],"held_out":[]}"#;
        let head = Head::read(json, 2).unwrap();
        let read = Read { prompt: &[0.0, 0.0], answer: &[1.0, 0.0], new_words: 0 };
        assert!((head.reward(read) - (1.0 + 2f64.sqrt() / 2.0)).abs() < 1e-6);
        assert!(Head::read(json, 3).is_err());
        assert!(Head::read("{}", 2).is_err());
    }
}
