//! What a link says about drawing answers: prompts, and how to answer them. From the same link the same
//! answers come.

use palette_tables::{MOST_PROMPTS, Sampling};
use serde::{Deserialize, Serialize};

/// Prompts of a built-in set, counted from 1, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicRange {
    /// Name of the set: `everyday`, `medical` and so on.
    pub topic: String,
    pub first: usize,
    pub last: usize,
}

/// What to draw and how; `None` or empty where the link says nothing. The seed is [`super::LinkState::seed`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DrawingLink {
    pub prompts: Vec<String>,
    /// Instead of `prompts`, where those would make the link too long.
    pub topics: Vec<TopicRange>,
    pub answers: Option<usize>,
    pub max_tokens: Option<usize>,
    pub temperature: Option<f64>,
    pub top_k: Option<usize>,
    pub top_p: Option<f64>,
    /// An empty text says nothing to the model; without it the model keeps its own sentence.
    pub system: Option<String>,
}

impl DrawingLink {
    /// Says everything but the prompts.
    pub fn of(sampling: &Sampling) -> Self {
        DrawingLink {
            answers: Some(sampling.answers),
            max_tokens: Some(sampling.max_tokens),
            temperature: Some(sampling.temperature),
            top_k: Some(sampling.top_k),
            top_p: Some(sampling.top_p),
            system: sampling.system.clone(),
            ..DrawingLink::default()
        }
    }

    /// Whether the link says anything about drawing.
    pub fn says_something(&self) -> bool {
        *self != DrawingLink::default()
    }
}

pub(super) fn read_whole(text: &str, low: usize, high: usize) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (low..=high).contains(number));
    number.ok_or_else(|| format!("it must be a whole number from {low} to {high}"))
}

pub(super) fn read_number(text: &str, low: f64, high: f64) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| (low..=high).contains(number));
    number.ok_or_else(|| format!("it must be a number from {low} to {high}"))
}

/// One prompt a line.
pub(super) fn write_prompts(prompts: &[String]) -> Option<String> {
    (!prompts.is_empty()).then(|| prompts.join("\n"))
}

pub(super) fn read_prompts(text: &str) -> Result<Vec<String>, String> {
    let prompts: Vec<String> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    match prompts.len() {
        0 => Err("it holds no prompt".into()),
        n if n > MOST_PROMPTS => Err(format!("it holds more than {MOST_PROMPTS} prompts")),
        _ => Ok(prompts),
    }
}

/// `everyday:1-8,medical:3-4`.
pub(super) fn write_topics(topics: &[TopicRange]) -> Option<String> {
    let said: Vec<String> =
        topics.iter().map(|part| format!("{}:{}-{}", part.topic, part.first, part.last)).collect();
    (!said.is_empty()).then(|| said.join(","))
}

pub(super) fn read_topics(text: &str) -> Result<Vec<TopicRange>, String> {
    let part = |part: &str| {
        let (topic, range) = part.split_once(':')?;
        let (first, last) = range.split_once('-')?;
        let (first, last) = (first.parse().ok()?, last.parse().ok()?);
        let named = !topic.is_empty() && topic.bytes().all(|b| b.is_ascii_lowercase());
        (named && 1 <= first && first <= last).then(|| TopicRange { topic: topic.into(), first, last })
    };
    text.split(',')
        .map(part)
        .collect::<Option<_>>()
        .ok_or_else(|| "it must say topics and numbers of prompts, such as everyday:1-8".into())
}
