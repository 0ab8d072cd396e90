//! Texts that fool a reward, written for this project and found by looking: a reader would say the opposite of what the reward says.

use anyhow::{Context, Result};
use map_palette::model::language_model::LanguageModel;
use map_palette::reward::{Head, diversity};
use map_palette::table::SampleSet;

use super::embed::Embeddings;

/// One text that fools the reward of `value`.
pub struct Text {
    pub value: &'static str,
    pub prompt: &'static str,
    pub text: &'static str,
    pub why: &'static str,
}

/// A text with its reward, and the quantiles of that reward among the answers of a sample set.
pub struct Fooled {
    pub text: &'static Text,
    pub reward: f64,
    /// 10% quantile, median and 90% quantile.
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

const fn text(value: &'static str, prompt: &'static str, text: &'static str, why: &'static str) -> Text {
    Text { value, prompt, text, why }
}

pub const TEXTS: [Text; 0] = [];

/// The texts that fool `head`.
pub fn by_head(head: &Head, embeddings: &Embeddings, answers: &SampleSet) -> Result<Vec<Fooled>> {
    let all =
        answers.answers.iter().map(|a| super::reward(head, embeddings, &answers.prompts[a.prompt], &a.text)).collect::<Result<Vec<_>>>()?;
    let texts = TEXTS.iter().filter(|t| t.value == head.name);
    texts.map(|t| Ok(beside(t, super::reward(head, embeddings, t.prompt, t.text)?, &all))).collect()
}

/// The texts that fool the values without a head.
pub fn by_statistics(model: &LanguageModel, embeddings: &Embeddings, answers: &SampleSet) -> Result<Vec<Fooled>> {
    let mut found = Vec::new();
    for t in &TEXTS {
        let reward = match t.value {
            "diverse" => diversity(t.text),
            "coherent" => embeddings.get(t.prompt)?.iter().zip(embeddings.get(t.text)?).map(|(p, a)| f64::from(p * a)).sum(),
            "fluent" => {
                let tokens = model.encode(t.text)?;
                let each = model.log_probabilities(&model.chat_tokens(t.prompt, None)?, &tokens)?;
                each.iter().sum::<f64>() / tokens.len() as f64
            }
            _ => continue,
        };
        // These do not change with training: the set's own rewards serve.
        let i = answers.value_index(t.value).with_context(|| format!("the sample set has no value {}", t.value))?;
        found.push(beside(t, reward, &answers.answers.iter().map(|a| a.rewards[i]).collect::<Vec<_>>()));
    }
    Ok(found)
}

fn beside(text: &'static Text, reward: f64, all: &[f64]) -> Fooled {
    let mut sorted = all.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted.get(((sorted.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or(f64::NAN);
    Fooled { text, reward, low: at(0.1), median: at(0.5), high: at(0.9) }
}
