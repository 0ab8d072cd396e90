//! A job as it was asked for: what it needs to go on, and what becomes of its answers.

use super::plan::AlignPlan;
use super::rows::{Row, RowState};
use super::topics::Topic;
use crate::app::format::count;
use leptos::prelude::{GetUntracked, WithUntracked};
use palette_protocol::DrawConfig;
use palette_tables::{Answer, SampleSet, Sampling, Value};

/// Which of the two jobs runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    Generate,
    Align,
}

/// A job with its answers so far.
#[derive(Clone)]
pub struct Task {
    pub job: Job,
    pub name: String,
    pub sampling: Sampling,
    pub config: DrawConfig,
    /// Whether a model or heads from the person's disk are part of it.
    pub own_files: bool,
    /// For [`Job::Align`]: the palette as it was solved when the job began, whatever is composed meanwhile.
    pub plan: AlignPlan,
    pub rows: Vec<Row>,
    /// As a worker named them when it was ready.
    pub values: Vec<Value>,
    pub generator: String,
    /// The sample set made of a part of the answers, by its id.
    pub set_id: Option<usize>,
}

impl Task {
    pub fn done(&self) -> usize {
        self.rows.iter().filter(|row| row.is_done()).count()
    }

    /// Indices of the prompts that have no answers.
    pub fn left(&self) -> Vec<usize> {
        self.rows.iter().filter(|row| !row.is_done()).map(|row| row.index).collect()
    }

    pub fn skipped(&self) -> usize {
        self.rows
            .iter()
            .filter(|row| row.state.with_untracked(|state| matches!(state, RowState::Skipped(_))))
            .count()
    }

    /// Tokens still to draw at most.
    pub fn tokens_left(&self) -> usize {
        let each = self.sampling.answers * self.sampling.max_tokens;
        let open = |row: &&Row| {
            row.state.with_untracked(|state| {
                !matches!(state, RowState::Done { .. } | RowState::Skipped(_) | RowState::Scoring)
            })
        };
        self.rows.iter().filter(open).map(|row| each.saturating_sub(row.tokens_under_way())).sum()
    }

    /// What is drawn to the prompts under way, each as a share of the tokens that it takes at most.
    pub fn under_way(&self) -> f64 {
        let each = (self.sampling.answers * self.sampling.max_tokens).max(1) as f64;
        let share = |row: &Row| {
            row.state.with_untracked(|state| match state {
                RowState::Drawing { tokens } => (*tokens as f64 / each).min(1.0),
                RowState::Scoring => 1.0,
                RowState::Waiting | RowState::GivenBack | RowState::Done { .. } | RowState::Skipped(_) => 0.0,
            })
        };
        self.rows.iter().map(share).sum()
    }

    pub fn prompts(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.prompt.to_string()).collect()
    }

    pub fn groups(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.group.to_string()).collect()
    }

    /// The answers so far as a sample set. Drafts to be picked keep the groups of their prompts whatever these are,
    /// as targets on groups are judged by them; a set of its own has groups where there are several to tell apart.
    pub fn sample_set(&self) -> SampleSet {
        let differ = self.rows.windows(2).any(|pair| pair[0].group != pair[1].group);
        let grouped = differ || self.job == Job::Align;
        let mut set = SampleSet {
            name: self.name.clone(),
            about: self.sampling.about(&self.generator),
            values: self.values.clone(),
            prompts: Vec::new(),
            answers: Vec::new(),
            prompt_weights: Vec::new(),
        };
        for row in &self.rows {
            let Some(drawn) = row.drawn.get_untracked() else { continue };
            let g = set.prompts.len();
            set.prompts.push(row.prompt.to_string());
            let group = if grouped { row.group.to_string() } else { String::new() };
            set.answers.extend(drawn.texts.iter().zip(&drawn.rewards).map(|(text, rewards)| Answer {
                group: group.clone(),
                ..Answer::new(g, text.clone(), rewards.clone())
            }));
        }
        set
    }
}

/// A name for answers to `prompts`: by their topic, or by the first of them.
pub fn name_of(prompts: &[String], topics: &[Topic], seed: u64) -> String {
    /// Longest beginning of a prompt that still is a name.
    const LONGEST: usize = 40;
    if let Some(topic) =
        topics.iter().find(|topic| prompts.iter().all(|prompt| topic.prompts.contains(prompt)))
    {
        return format!("{}, seed {seed}", topic.name);
    }
    let first = prompts.first().map(String::as_str).unwrap_or_default();
    let mut start: String = first.chars().take(LONGEST).collect();
    if start.len() < first.len() {
        start = format!("{}…", start.trim_end());
    }
    match prompts.len() {
        0 | 1 => format!("“{start}”"),
        n => format!("“{start}” and {}", count(n - 1, "other")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_was_asked() {
        let prompts = ["Why?".to_owned(), "How?".to_owned()];
        let topic =
            Topic { key: "everyday".into(), name: "Everyday questions".into(), prompts: prompts.to_vec() };
        assert_eq!(name_of(&prompts[1..], &[topic], 3), "Everyday questions, seed 3");
        assert_eq!(name_of(&prompts, &[], 3), "“Why?” and 1 other");
        assert_eq!(name_of(&["ä".repeat(60)], &[], 3), format!("“{}…”", "ä".repeat(40)));
    }
}
