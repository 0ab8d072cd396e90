//! A sample set: prompts, the answers drawn for each, and every answer's rewards.

use serde::{Deserialize, Serialize};

/// A human value that answers are rewarded for: one column of the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// Unique within a sample set, e.g. `humor`.
    pub name: String,
    /// Unit of the reward, e.g. `log-odds`; empty when the file did not say.
    #[serde(default)]
    pub unit: String,
    /// How the reward was measured, in one sentence; empty when unknown.
    #[serde(default)]
    pub measured: String,
}

/// One answer: a row of the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Index into [`SampleSet::prompts`].
    pub prompt: usize,
    /// Text of the answer; empty for a table of bare numbers.
    #[serde(default)]
    pub text: String,
    /// One finite reward for each of [`SampleSet::values`], in their order and units.
    pub rewards: Vec<f64>,
    /// Name of the group of prompts that this answer's prompt belongs to; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// Base weight among the answers to its prompt, `≥ 0`; only the proportions count.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
}

fn one() -> f64 {
    1.0
}

fn is_one(x: &f64) -> bool {
    *x == 1.0
}

impl Answer {
    /// An answer of no group that weighs as much as any other.
    pub fn new(prompt: usize, text: String, rewards: Vec<f64>) -> Self {
        Answer { prompt, text, rewards, group: String::new(), weight: 1.0 }
    }
}

/// Answers drawn from one model, with their rewards. Answers of one prompt stand together, in the order of
/// `prompts`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleSet {
    /// Name shown to people, e.g. `Everyday questions`.
    pub name: String,
    /// Where it comes from: model, seed, file; one line.
    #[serde(default)]
    pub about: String,
    pub values: Vec<Value>,
    pub prompts: Vec<String>,
    pub answers: Vec<Answer>,
    /// Weight of each prompt, `≥ 0`; only the proportions count. Empty when all weigh the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prompt_weights: Vec<f64>,
}

impl SampleSet {
    /// Number of answers to prompt `g`.
    pub fn answers_to(&self, g: usize) -> impl Iterator<Item = (usize, &Answer)> {
        self.answers.iter().enumerate().filter(move |(_, a)| a.prompt == g)
    }

    /// Smallest number of answers that any prompt has; 0 without prompts.
    pub fn fewest_answers(&self) -> usize {
        let mut counts = vec![0usize; self.prompts.len()];
        for answer in &self.answers {
            counts[answer.prompt] += 1;
        }
        counts.into_iter().min().unwrap_or(0)
    }

    /// Rewards of value `i`, one for each answer.
    pub fn column(&self, i: usize) -> Vec<f64> {
        self.answers.iter().map(|a| a.rewards[i]).collect()
    }

    /// Names of the groups of prompts, in order of appearance.
    pub fn groups(&self) -> Vec<String> {
        let mut seen = std::collections::HashSet::new();
        self.answers
            .iter()
            .map(|a| a.group.as_str())
            .filter(|g| !g.is_empty() && seen.insert(*g))
            .map(String::from)
            .collect()
    }

    /// Weight of prompt `g`.
    pub fn prompt_weight(&self, g: usize) -> f64 {
        self.prompt_weights.get(g).copied().unwrap_or(1.0)
    }

    /// Index of the value called `name`.
    pub fn value_index(&self, name: &str) -> Option<usize> {
        self.values.iter().position(|v| v.name == name)
    }
}
