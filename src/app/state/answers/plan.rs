//! How aligning is to go: what a palette is solved for before answers are drawn, and what they are held against.

use leptos::prelude::*;
use palette_protocol::SetKey;
use palette_study::align::AskedTarget;
use palette_study::{Hold, Question};
use serde::{Deserialize, Serialize};

/// New prompts that a palette is to hold on where none are named yet.
pub const USUAL_NEW_PROMPTS: usize = 60;
/// What is offered first as a confidence.
const USUAL_CONFIDENCE: f64 = 0.9;

/// Signals of how aligning is to go. Copies share them.
#[derive(Clone, Copy)]
pub struct PlanChoices {
    /// Whether the palette is to hold on new prompts, and not just on average.
    pub holds: RwSignal<bool>,
    /// With which confidence, 0.5 to 0.99.
    pub confidence: RwSignal<f64>,
    /// Whether λ is solved again on a half of the new prompts.
    pub calibrate: RwSignal<bool>,
    /// Whether λ is used as Compose shows it, whatever is drawn.
    pub as_composed: RwSignal<bool>,
}

impl PlanChoices {
    pub fn new() -> Self {
        PlanChoices {
            holds: RwSignal::new(false),
            confidence: RwSignal::new(USUAL_CONFIDENCE),
            calibrate: RwSignal::new(false),
            as_composed: RwSignal::new(false),
        }
    }

    /// The confidence where one is asked for.
    pub fn confidence_asked(self) -> Option<f64> {
        self.holds.get().then(|| self.confidence.get())
    }

    /// Asks for `confidence`, or for none.
    pub fn ask(self, confidence: Option<f64>) {
        self.holds.set(confidence.is_some());
        if let Some(confidence) = confidence {
            self.confidence.set(confidence);
        }
    }
}

/// What is asked of a palette before `new_prompts` are drawn (0: none are named yet).
pub fn hold(choices: PlanChoices, new_prompts: usize) -> Option<Hold> {
    let prompts = if new_prompts == 0 { USUAL_NEW_PROMPTS } else { new_prompts };
    choices.confidence_asked().map(|confidence| Hold { confidence, prompts })
}

/// What an align job goes by, as it was when the job began.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlignPlan {
    /// λ by name, nats per unit.
    pub lambda: Vec<(String, f64)>,
    pub asked: Vec<AskedTarget>,
    /// Levels that λ realises on what it was solved on, by name; earlier versions of the page kept them not.
    #[serde(default)]
    pub realised: Vec<(String, f64)>,
    /// How λ came about, in a few words for people.
    pub solved_for: String,
    /// What it was to cost, nats.
    pub kl: Option<f64>,
    /// With which confidence each target was to hold.
    pub confidence: Option<f64>,
    /// Solve again on a half of the prompts.
    pub calibrate: bool,
    /// What λ was solved on; earlier versions of the page kept it not.
    #[serde(default)]
    pub solved_on: Option<SolvedOn>,
}

/// A palette, and the sample set that it was solved on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SolvedOn {
    pub question: Question,
    /// Its id is of the session in which it was solved.
    pub set: SetKey,
}

impl AlignPlan {
    /// How many of `prompts` are solved on again; `None` where none are.
    pub fn calibration(&self, prompts: usize) -> Option<usize> {
        self.calibrate.then(|| prompts.div_ceil(2))
    }
}
