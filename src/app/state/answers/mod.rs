//! The state of the Answers view; it outlives the view.

pub mod compare;
pub mod estimate;
pub mod jobs;
pub mod plan;
pub mod prompts;
pub mod rows;
pub mod topics;

use super::table::Table;
use crate::client::Tally;
use crate::client::device::usual_workers;
use compare::CompareState;
use estimate::Measured;
use jobs::{Job, Task};
use leptos::prelude::*;
use palette_protocol::link::DrawingLink;
use palette_protocol::{DrawConfig, HeadFile, Loading, OwnModel};
use palette_study::Drafted;
use palette_study::align::Judged;
use palette_tables::{Sampling, Value};
use plan::{AlignPlan, PlanChoices};
use prompts::{PromptList, prompts_of};
use rows::Row;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use topics::Topic;

/// The outcome of aligning, with what was asked.
#[derive(Debug)]
pub struct AlignedShown {
    pub judged: Judged,
    /// The palette as it was solved again on `calibration`, where it was.
    pub calibrated: Option<Drafted>,
    /// Indices of the prompts that λ was solved on again; nothing is judged on them.
    pub calibration: Vec<usize>,
    /// The drafts, ready for drawing.
    pub table: Arc<Table>,
    pub plan: AlignPlan,
}

impl AlignedShown {
    /// What λ realises on what it was solved on last, by name: the answers there weighed anew, none drawn.
    pub fn reweighted(&self) -> Vec<(String, f64)> {
        self.calibrated.as_ref().map_or_else(|| self.plan.realised.clone(), Drafted::realised)
    }
}

/// A head trained elsewhere, and the value that it adds.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    pub value: Value,
    pub file: Arc<HeadFile>,
}

/// How far loading is, and when it was first heard of.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadingShown {
    pub loading: Loading,
    /// Milliseconds, and the bytes that were there by then.
    pub since: (f64, u64),
}

/// Signals of the Answers view. Copies share them.
#[derive(Clone, Copy)]
pub struct AnswersState {
    /// One prompt a line.
    pub prompts: RwSignal<String>,
    /// The groups of prompts that came with one, out of a file or a built-in topic, by prompt.
    pub groups: RwSignal<BTreeMap<String, String>>,
    /// The prompts before something else than typing replaced them.
    pub prompts_before: RwSignal<Option<String>>,
    pub samples_per_prompt: RwSignal<usize>,
    pub max_tokens: RwSignal<usize>,
    pub temperature: RwSignal<f64>,
    pub seed: RwSignal<u64>,
    pub top_k: RwSignal<usize>,
    pub top_p: RwSignal<f64>,
    /// Empty leaves the model its own sentence.
    pub system: RwSignal<String>,
    /// Whether the model is told nothing before the prompt.
    pub no_system: RwSignal<bool>,
    pub workers: RwSignal<usize>,
    /// How aligning is to go.
    pub choices: PlanChoices,
    pub own_model: RwSignal<Option<OwnModel>>,
    pub heads: RwSignal<Vec<Head>>,
    /// How far a head is with rewarding the set in use, in words.
    pub scoring: RwSignal<Option<String>>,
    /// The job that runs.
    pub job: RwSignal<Option<Job>>,
    pub paused: RwSignal<bool>,
    pub loading: RwSignal<Option<LoadingShown>>,
    /// The prompts of the last job.
    pub rows: RwSignal<Vec<Row>>,
    /// How many of them are settled: done or passed over.
    pub settled: RwSignal<usize>,
    pub tally: RwSignal<Tally>,
    /// Workers that are ready.
    pub ready: RwSignal<usize>,
    /// How the last job ended, in a sentence.
    pub outcome: RwSignal<Option<String>>,
    /// The sample set that the last job made.
    pub made: RwSignal<Option<Arc<Table>>>,
    /// Prompts of the last job that can still be drawn; 0 when it kept nothing.
    pub left: RwSignal<usize>,
    pub aligned: RwSignal<Option<Arc<AlignedShown>>>,
    /// Every method on its drafts.
    pub compare: CompareState,
    /// How fast answers were drawn here.
    pub measured: RwSignal<Vec<Measured>>,
    /// The last job.
    pub task: StoredValue<Option<Task>>,
    /// The drawing that a link brought, and the form that it made.
    pub linked: RwSignal<Option<(DrawingLink, Vec<String>, Sampling)>>,
    /// Built-in prompts that were fetched.
    pub topics: StoredValue<Vec<Topic>>,
}

impl AnswersState {
    pub fn new() -> Self {
        let usual = Sampling::default();
        AnswersState {
            prompts: RwSignal::new(String::new()),
            groups: RwSignal::new(BTreeMap::new()),
            prompts_before: RwSignal::new(None),
            samples_per_prompt: RwSignal::new(usual.answers),
            max_tokens: RwSignal::new(usual.max_tokens),
            temperature: RwSignal::new(usual.temperature),
            seed: RwSignal::new(usual.seed),
            top_k: RwSignal::new(usual.top_k),
            top_p: RwSignal::new(usual.top_p),
            system: RwSignal::new(String::new()),
            no_system: RwSignal::new(false),
            workers: RwSignal::new(usual_workers()),
            choices: PlanChoices::new(),
            own_model: RwSignal::new(None),
            heads: RwSignal::new(Vec::new()),
            scoring: RwSignal::new(None),
            job: RwSignal::new(None),
            paused: RwSignal::new(false),
            loading: RwSignal::new(None),
            rows: RwSignal::new(Vec::new()),
            settled: RwSignal::new(0),
            tally: RwSignal::new(Tally::default()),
            ready: RwSignal::new(0),
            outcome: RwSignal::new(None),
            made: RwSignal::new(None),
            left: RwSignal::new(0),
            aligned: RwSignal::new(None),
            compare: CompareState::new(),
            measured: RwSignal::new(estimate::kept()),
            task: StoredValue::new(None),
            linked: RwSignal::new(None),
            topics: StoredValue::new(Vec::new()),
        }
    }

    /// The seed, when it is worth saying in a link.
    pub fn seed_for_link(self) -> Option<u64> {
        Some(self.seed.get()).filter(|seed| *seed != Sampling::default().seed)
    }

    /// The drawing of the link, for as long as the form says the same: then it is still there after a reload.
    pub fn drawing_for_link(self) -> DrawingLink {
        let linked = self.linked.get().filter(|(_, prompts, sampling)| {
            *sampling == self.sampling() && *prompts == self.prompt_list().prompts
        });
        linked.map(|(drawing, ..)| drawing).unwrap_or_default()
    }

    /// How answers are to be drawn.
    pub fn sampling(self) -> Sampling {
        let system = self.system.get();
        Sampling {
            answers: self.samples_per_prompt.get(),
            max_tokens: self.max_tokens.get(),
            temperature: self.temperature.get(),
            top_k: self.top_k.get(),
            top_p: self.top_p.get(),
            seed: self.seed.get(),
            system: if self.no_system.get() {
                Some(String::new())
            } else {
                Some(system).filter(|text| !text.trim().is_empty())
            },
        }
    }

    /// The models to draw and score with.
    pub fn config(self) -> DrawConfig {
        let heads = self.heads.with(|heads| heads.iter().map(|head| (*head.file).clone()).collect());
        DrawConfig { own_model: self.own_model.get(), heads }
    }

    /// The prompts, each once.
    pub fn prompt_list(self) -> PromptList {
        self.prompts.with(|text| prompts_of(text))
    }

    /// The group of a prompt; empty for none.
    pub fn group_of(self, prompt: &str) -> String {
        self.groups.with_untracked(|groups| groups.get(prompt).cloned().unwrap_or_default())
    }

    /// The groups of the prompts that stand in the form, each once; `None` without prompts.
    pub fn groups_asked(self) -> Option<Vec<String>> {
        let prompts = self.prompt_list().prompts;
        let of = |groups: &BTreeMap<String, String>| {
            prompts.iter().filter_map(|prompt| groups.get(prompt).cloned()).collect::<BTreeSet<String>>()
        };
        (!prompts.is_empty()).then(|| self.groups.with(of).into_iter().collect())
    }

    /// Replaces the prompts; what was there can be had back.
    pub fn replace_prompts(self, prompts: &[String]) {
        let before = self.prompts.get_untracked();
        let now = prompts.join("\n");
        if before.trim() != now {
            self.prompts_before.set(Some(before).filter(|text| !text.trim().is_empty()));
            self.prompts.set(now);
        }
    }

    /// Whether a job runs.
    pub fn is_busy(self) -> bool {
        self.job.with(Option::is_some)
    }
}
