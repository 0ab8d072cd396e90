//! What becomes of one palette on several groups of prompts.

use crate::Verdict;
use crate::interval::Estimate;
use serde::{Deserialize, Serialize};

/// One palette on several groups of prompts, and every group's λ on every other; levels in each value's own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transfer {
    /// Answers to each prompt that are chosen among.
    pub k: usize,
    pub groups: Vec<TransferGroup>,
    /// Every pair of groups of which the first has a λ, groups in order.
    pub pairs: Vec<Transferred>,
    /// What one sees.
    pub sentences: Vec<String>,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// The palette on one group alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransferGroup {
    pub name: String,
    pub prompts: usize,
    pub verdict: Verdict,
    /// Price, nats; `None` unless reachable.
    pub kl: Option<f64>,
    /// λ of each value, nats per unit; `None` unless reachable.
    pub lambda: Option<Vec<f64>>,
    /// What the group gives anyway, for each value, with its interval over prompts.
    pub base: Vec<Estimate>,
}

/// The λ of one group on the prompts of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transferred {
    /// Places in [`Transfer::groups`]: where λ was solved, and where it is used.
    pub from: usize,
    pub to: usize,
    /// What it spends there, nats.
    pub kl: f64,
    /// One for each value.
    pub values: Vec<TransferTarget>,
}

/// What the palette asks of one value on a group, and what a λ gives there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransferTarget {
    pub name: String,
    /// What the palette asks there.
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// The level, and its lift above the group's base, each with its interval over the prompts of this group.
    pub level: Estimate,
    pub lift: Estimate,
    /// How far inside its nearest bound the level is, below 0 outside; `None` without a target.
    pub room: Option<f64>,
    /// 95% interval of the room: over the prompts that λ is used on and those it was solved on. `None` without a
    /// target, and where it was solved on these.
    pub interval: Option<[f64; 2]>,
    /// Lift as a share of what was asked, with its interval made likewise; `None` unless a lift was.
    pub share: Option<f64>,
    pub share_interval: Option<[f64; 2]>,
    pub fate: Fate,
}

/// What becomes of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    NoTarget,
    /// λ was solved here.
    Home,
    /// Nothing tells the level from what is asked, or it lies inside.
    Kept,
    /// It falls short by more than chance, with all targets of all pairs looked at (Holm 1979, 5%).
    Short,
}

impl Transfer {
    /// What the λ of group `from` does on group `to`.
    pub fn pair(&self, from: usize, to: usize) -> Option<&Transferred> {
        self.pairs.iter().find(|pair| (pair.from, pair.to) == (from, to))
    }
}
