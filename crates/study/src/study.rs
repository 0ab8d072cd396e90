//! What the page asks beyond a palette's solution: repairs, how far to trust it, drafts, one value after
//! another.

use super::{Pooling, Verdict};
use palette_tables::Palette;
use serde::{Deserialize, Serialize};

/// A palette to study on the set in use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub palette: Palette,
    pub pooling: Pooling,
}

/// How a palette is brought within reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RepairKind {
    /// Every level so far of the way from its base mean.
    Ray,
    /// This value alone gives way.
    One(usize),
    /// These values come first, in this order; the others after them.
    Order(Vec<usize>),
    /// As near as can be in standard deviations.
    Nearest,
    /// As near as can be for at most so many nats.
    Budget(f64),
}

/// What a repair would make of a palette: just within reach, where λ is finite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShownRepair {
    pub how: RepairKind,
    /// What changes: levels of the values that give way.
    pub moves: Vec<Moved>,
    /// Euclidean distance to the palette asked for, standard deviations.
    pub distance: f64,
    /// Of [`RepairKind::Ray`]: the share of the way from base to palette.
    pub share: Option<f64>,
    /// What the repaired palette costs, nats; `None` where it could not be solved.
    pub kl: Option<f64>,
}

/// A target that gives way; levels in the value's own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    pub value: usize,
    /// The group of prompts that the target is about, unless it is about all.
    pub group: Option<String>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// How far the bound moved, in standard deviations; negative when a level comes down.
    pub by: f64,
}

/// How far the answer to a palette can be trusted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trust {
    /// Resamples of the prompts made, and on how many the palette is reachable, on the edge, proved out of
    /// reach.
    pub resamples: usize,
    pub reachable: usize,
    pub edge: usize,
    pub unreachable: usize,
    /// One for each value.
    pub values: Vec<TrustedValue>,
    pub effective_samples: f64,
    /// The largest weight of a single answer, of 1.
    pub largest_weight: f64,
    /// Parts that the prompts were dealt into for the held-out levels, and on how many of them no λ could be
    /// had from the others.
    pub folds: usize,
    pub failed_folds: usize,
    /// Plain sentences: what not to rely on.
    pub warnings: Vec<String>,
}

/// One value's part in [`Trust`]; levels in its own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrustedValue {
    /// 95% bootstrap interval of λ; `None` with too few reachable resamples.
    pub lambda: Option<[f64; 2]>,
    /// 95% bootstrap interval of the level that this λ realises.
    pub realised: Option<[f64; 2]>,
    /// The level on prompts that λ was not solved on.
    pub held_out: Option<f64>,
}

/// The palette when one of k drafts is chosen: solved on groups of k.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drafted {
    pub k: usize,
    /// Groups of k answers made, and answers left over.
    pub groups: usize,
    pub left_out: usize,
    pub verdict: Verdict,
    pub slack: Option<f64>,
    /// Nats; of the solution shown. Choosing among k cannot spend more than ln k.
    pub kl: f64,
    /// For each value: λ (`None` where it has no bound), and the level realised on average, in own units.
    pub lambda: Vec<Option<f64>>,
    pub realised: Vec<f64>,
}

/// Aligning to one value after another: the paths of total and of fresh multipliers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sequences {
    pub total: Vec<ShownRound>,
    pub fresh: Vec<ShownRound>,
}

/// Where one round over all values ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShownRound {
    /// λ of each value, nats per unit.
    pub lambda: Vec<f64>,
    /// Distance to the joint λ, per standard deviation.
    pub distance: f64,
    /// What the dual lacks, nats.
    pub gap: f64,
    pub kl: f64,
    /// The largest shortfall from a target, standard deviations.
    pub shortfall: f64,
}
