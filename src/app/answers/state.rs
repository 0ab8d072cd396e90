//! What the Answers view knows; it outlives the view.

use crate::app::table::Table;
use crate::client::Tally;
use crate::protocol::{Aligned, Drawing, Loading, Sampling};
use leptos::prelude::*;
use std::sync::Arc;

/// Which of the two jobs runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    Generate,
    Align,
}

/// Which model files this browser holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// Not asked yet, or the answer is still to come.
    Unknown,
    /// Size of what is there, and whether that is all.
    Known { bytes: u64, complete: bool },
}

/// What aligning gave, with the level each value was asked to reach.
#[derive(Debug)]
pub struct AlignedShown {
    pub aligned: Aligned,
    /// The drafts, ready for drawing.
    pub table: Arc<Table>,
    /// For each value of the drafts, the lowest and the highest level that its target allows, in its own unit; `None` where there is no such end.
    pub targets: Vec<(Option<f64>, Option<f64>)>,
}

/// Signals of the Answers view. Copies share them.
#[derive(Clone, Copy)]
pub struct AnswersState {
    /// One prompt a line.
    pub prompts: RwSignal<String>,
    pub answers: RwSignal<usize>,
    pub max_tokens: RwSignal<usize>,
    pub temperature: RwSignal<f64>,
    pub seed: RwSignal<u64>,
    pub top_k: RwSignal<usize>,
    pub top_p: RwSignal<f64>,
    /// The job that runs.
    pub job: RwSignal<Option<Job>>,
    pub loading: RwSignal<Option<Loading>>,
    /// The prompt whose answers came last, those answers, and what the job has done so far.
    pub drawing: RwSignal<Option<(usize, Drawing, Tally)>>,
    /// What the last job ended with, in a sentence.
    pub outcome: RwSignal<Option<String>>,
    /// Whether the last job made a sample set to compose on.
    pub made_set: RwSignal<bool>,
    pub aligned: RwSignal<Option<Arc<AlignedShown>>>,
    pub stored: RwSignal<Stored>,
}

impl AnswersState {
    pub fn new() -> Self {
        let usual = Sampling::default();
        AnswersState {
            prompts: RwSignal::new(String::new()),
            answers: RwSignal::new(usual.answers),
            max_tokens: RwSignal::new(usual.max_tokens),
            temperature: RwSignal::new(usual.temperature),
            seed: RwSignal::new(usual.seed),
            top_k: RwSignal::new(usual.top_k),
            top_p: RwSignal::new(usual.top_p),
            job: RwSignal::new(None),
            loading: RwSignal::new(None),
            drawing: RwSignal::new(None),
            outcome: RwSignal::new(None),
            made_set: RwSignal::new(false),
            aligned: RwSignal::new(None),
            stored: RwSignal::new(Stored::Unknown),
        }
    }

    /// The seed, when it is worth saying in a link.
    pub fn seed_for_link(self) -> Option<u64> {
        Some(self.seed.get()).filter(|seed| *seed != Sampling::default().seed)
    }

    /// How answers are to be drawn.
    pub fn sampling(self) -> Sampling {
        Sampling {
            answers: self.answers.get(),
            max_tokens: self.max_tokens.get(),
            temperature: self.temperature.get(),
            top_k: self.top_k.get(),
            top_p: self.top_p.get(),
            seed: self.seed.get(),
            system: None,
        }
    }

    /// The prompts, without empty lines.
    pub fn prompt_list(self) -> Vec<String> {
        self.prompts.with(|text| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }
}
