//! What a comparison of methods says.

use crate::ByName;
use crate::align::{AskedTarget, BaseShift, Choice, Measured, Outcome};
use map_align::Verdict;
use serde::{Deserialize, Serialize};

/// How methods are compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompareQuestion {
    /// Drafts to choose one of: as many as every new prompt has.
    pub k: usize,
    /// Deals the pilot's answers, draws the random weights, and picks.
    pub seed: u64,
    /// The chance with which each target is to hold on the new prompts, 0.5 to 0.99; `None` leaves that
    /// method out.
    pub confidence: Option<f64>,
    /// A person's own weights by name; empty leaves that method out.
    pub weights: Vec<(String, f64)>,
    /// The person's weights also as λ = weights/β, for each of these; more than 0.
    pub betas: Vec<f64>,
}

/// Every method on the same drafts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub k: usize,
    pub seed: u64,
    /// New prompts with drafts.
    pub prompts: usize,
    /// What was asked of each value.
    pub asked: Vec<AskedTarget>,
    /// The values whose target lies above the base of the pilot: those that weights are given to.
    pub raised: Vec<String>,
    /// How the base differs from that of the prompts that the palette was solved on.
    pub shifts: Vec<BaseShift>,
    /// For each new prompt the number in 0..1 that its pick goes by, the same for all methods: the first draft is
    /// picked with which probabilities add up to more.
    pub pick_numbers: Vec<f64>,
    pub methods: Vec<Method>,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// A comparison with the choices that its numbers are of: they stay out of what is sent and printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    pub comparison: Comparison,
    /// One for each method; `None` where it could not be had.
    pub choices: Vec<Option<Choice>>,
}

/// The methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MethodKind {
    Base,
    EqualWeights,
    Weights,
    WeightsOverBeta,
    RandomWeights,
    BestOfK,
    Pooled,
    PerPrompt,
    WithConfidence,
    OneAfterAnother,
    Mixture,
}

/// One method and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Method {
    pub kind: MethodKind,
    pub name: String,
    /// How its weights came about, one sentence.
    pub about: String,
    /// λ of every value, nats per unit; `None` where it has none, or several.
    pub lambda: Option<ByName>,
    /// KL divergence on the pilot's choices among k, nats, where the method is a λ.
    pub pilot_kl: Option<f64>,
    /// On the new prompts; `None` where it could not be had.
    pub measured: Option<Measured>,
    /// For each new prompt the index of the picked one among all drafts; empty where nothing was measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub picked: Vec<usize>,
    /// How many of the targets are met.
    pub targets: Option<Tally>,
    /// Of the palette that it solves on the pilot; `None` where it solves none.
    pub verdict: Option<Verdict>,
    /// Why there is nothing measured.
    pub reason: Option<String>,
    /// The solutions that a mixture is made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// What random weights come to one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub random: Option<RandomWeights>,
}

/// How many targets are met, as far as the intervals tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub asked: usize,
    /// Met or missed.
    pub decided: usize,
    pub met: usize,
    /// Exact levels that lie within the interval: no number of prompts tells more.
    pub near: usize,
}

/// One solution of a mixture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The value whose target alone is met.
    pub name: String,
    /// Share of the mixture.
    pub share: f64,
    /// λ of every value, nats per unit.
    pub lambda: ByName,
}

/// Weights drawn at random.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RandomWeights {
    /// Share of the draws whose expected level is above the base for every raised value: the paper's
    /// navigation efficiency.
    pub navigation_efficiency: f64,
    /// Share of the draws whose expected levels meet all targets, intervals aside.
    pub all_met: f64,
    pub draws: Vec<RandomDraw>,
}

/// One draw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RandomDraw {
    /// λ of every value, nats per unit.
    pub lambda: ByName,
    /// Expected level of every value of the drafts on the new prompts.
    pub levels: ByName,
    /// Spent on the new prompts, nats.
    pub kl: f64,
}

impl Tally {
    pub(super) fn of(measured: &Measured) -> Self {
        let mut tally = Tally::default();
        for outcome in measured.values.iter().map(|value| value.outcome) {
            tally.asked += usize::from(outcome != Outcome::NoTarget);
            tally.decided += usize::from(matches!(outcome, Outcome::Met | Outcome::Missed));
            tally.met += usize::from(outcome == Outcome::Met);
            tally.near += usize::from(outcome == Outcome::Near);
        }
        tally
    }
}
