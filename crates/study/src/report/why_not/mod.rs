//! Why two targets cannot both be had: the proof, what they cost together up to the edge, and the answers that
//! come nearest.

mod answers;
mod conflict;
mod study;
mod words;

pub use study::WhyNotStudy;

use super::ByName;
use map_align::Verdict;
use serde::{Deserialize, Serialize};

/// Two targets of a palette, and what keeps them from being met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhyNotReport {
    /// Of the whole palette.
    pub verdict: Verdict,
    /// The two that this is about.
    pub pair: [PairedTarget; 2],
    /// Every target that could be one of them, by name: a value, or `VALUE@GROUP`.
    pub targets: Vec<String>,
    /// Whether the two alone, with nothing else asked, can be had.
    pub pair_possible: bool,
    /// Where they can, and the palette cannot: the fewest other targets found that exclude them.
    pub others: Vec<String>,
    /// Whether those exclude one another without the two.
    pub others_alone: bool,
    /// The proof for the two alone, or with `others`; `None` where nothing is out of reach.
    pub proof: Option<WhyNotProof>,
    /// How far of the way from the base the targets beside the two are held in what follows: 1 as asked, less
    /// where they alone cannot be had.
    pub held: f64,
    /// The largest share of the way from the base to what is asked that the two can go together; `None` where
    /// neither asks for more than the base, or where it is beyond 150%.
    pub edge: Option<f64>,
    /// The same of all targets of the palette at once, as [`Repair::Ray`](crate::Repair) has it; `None` where
    /// it is reachable.
    pub edge_of_all: Option<f64>,
    /// What the two cost together, from the base to just before the edge.
    pub prices: Vec<PriceOnTheWay>,
    /// Answers that meet both targets by themselves, of those that take part.
    pub answers_meeting_both: usize,
    pub answers: usize,
    /// The answers that lie highest along the proof's direction, the highest first.
    pub nearest: Vec<NearAnswer>,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// One of the two targets; levels in the value's own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairedTarget {
    /// The value, or `VALUE@GROUP`.
    pub name: String,
    pub value: String,
    pub group: Option<String>,
    /// Base mean, on the group where it is about one.
    pub base: f64,
    #[serde(rename = "sd")]
    pub standard_deviation: f64,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
}

/// A direction along which the targets ask for more than even the best answers give.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhyNotProof {
    /// d per unit of each column that takes part, Σ|d| = 1; as in [`CertificateReport`](super::CertificateReport).
    pub direction: ByName,
    /// d·c, for the levels c that are asked.
    pub asked: f64,
    /// The most that d·r is over all mixes of answers: Σ_g π_g max_j d·r_gj. Less than `asked`.
    pub best: f64,
    /// d·(c − base) and the most of d·(r − base), in standard deviations.
    pub asked_sd: f64,
    pub best_sd: f64,
}

/// What it costs to go part of the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceOnTheWay {
    /// Of the way from the base to what is asked.
    pub share: f64,
    /// Levels of the two that are asked there: the lower end of a range.
    pub levels: [f64; 2],
    /// Nats, and e^KL.
    pub kl: f64,
    pub drafts: f64,
    /// λ of the two, nats per unit.
    pub lambda: [f64; 2],
}

/// An answer that comes near.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NearAnswer {
    /// Row of the table and its prompt, counted from 0.
    pub answer: usize,
    pub prompt: usize,
    /// d·(r − base), in standard deviations.
    pub along_sd: f64,
    /// Its reward for each value that the proof is about.
    pub rewards: ByName,
    /// Whether it meets each of the two targets by itself; `None` where it is not of the target's group.
    pub meets: [Option<bool>; 2],
}
