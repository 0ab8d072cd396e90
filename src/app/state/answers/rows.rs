//! One prompt of a job, with what came of it so far.

use leptos::prelude::*;
use palette_protocol::Drawing;
use palette_tables::Drawn;
use std::sync::Arc;

/// How far a prompt is.
#[derive(Clone, Debug, PartialEq)]
pub enum RowState {
    Waiting,
    /// The worker that had it is gone; it waits for another.
    GivenBack,
    Drawing {
        tokens: usize,
    },
    Scoring,
    Done {
        answers: usize,
        tokens: usize,
        tokens_per_second: f64,
    },
    /// Passed over, for a reason in a plain sentence.
    Skipped(String),
}

/// A prompt of the job. Clones share what changes; its parts change apart, so that a token redraws no more
/// than it must.
#[derive(Clone)]
pub struct Row {
    /// Index among the prompts of the job.
    pub index: usize,
    pub prompt: Arc<str>,
    /// The group of the prompt; empty for none.
    pub group: Arc<str>,
    pub state: ArcRwSignal<RowState>,
    /// The answers so far.
    pub texts: ArcRwSignal<Vec<String>>,
    pub drawn: ArcRwSignal<Option<Arc<Drawn>>>,
    /// Whether its answers are shown.
    pub open: ArcRwSignal<bool>,
}

impl Row {
    pub fn new(index: usize, prompt: &str, group: &str) -> Self {
        Row {
            index,
            prompt: prompt.into(),
            group: group.into(),
            state: ArcRwSignal::new(RowState::Waiting),
            texts: ArcRwSignal::new(Vec::new()),
            drawn: ArcRwSignal::new(None),
            open: ArcRwSignal::new(false),
        }
    }

    pub fn is_done(&self) -> bool {
        self.drawn.with_untracked(Option::is_some)
    }

    /// Answers as they come.
    pub fn draws(&self, drawing: Drawing) {
        self.become_state(if drawing.scoring {
            RowState::Scoring
        } else {
            RowState::Drawing { tokens: drawing.tokens }
        });
        self.texts.set(drawing.texts);
    }

    /// All answers.
    pub fn has(&self, drawn: Drawn) {
        let tokens_per_second = drawn.tokens as f64 / drawn.drawing_seconds.max(1e-3);
        self.drawn.set(Some(Arc::new(drawn.clone())));
        self.become_state(RowState::Done {
            answers: drawn.texts.len(),
            tokens: drawn.tokens,
            tokens_per_second,
        });
        self.texts.set(Vec::new());
    }

    /// Starts anew: answers that were under way are lost.
    pub fn starts_anew(&self, state: RowState) {
        self.become_state(state);
        self.texts.set(Vec::new());
    }

    /// Tokens drawn to it that are not finished yet.
    pub fn tokens_under_way(&self) -> usize {
        self.state.with_untracked(|state| if let RowState::Drawing { tokens } = state { *tokens } else { 0 })
    }

    fn become_state(&self, state: RowState) {
        if self.state.with_untracked(|old| *old != state) {
            self.state.set(state);
        }
    }
}
