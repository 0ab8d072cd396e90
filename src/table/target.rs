//! How a person says a target, and the level that it means on a given table.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::quantile::quantile;

/// A target for one value. "At least": the realised level must reach it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Target {
    /// Not constrained.
    Off,
    /// At least the base mean.
    Maintain,
    /// At least this level, in the value's own unit.
    Level(f64),
    /// At least the larger of the base mean and the `q`-quantile of the base rewards (the MAP paper's HHH-80% is `0.8`), `0 ≤ q ≤ 1`.
    Quantile(f64),
}

impl Target {
    /// The level c that this target means for the base rewards `column` with base mean `mean`, or `None` when it does not constrain.
    /// (The mean is given because prompts with different numbers of answers weigh alike when solved per prompt.)
    pub fn level(self, column: &[f64], mean: f64) -> Option<f64> {
        match self {
            Target::Off => None,
            Target::Maintain => Some(mean),
            Target::Level(c) => Some(c),
            Target::Quantile(q) => Some(quantile(column, q).max(mean)),
        }
    }
}

/// A palette: a target for each value by name. A value that is not named is maintained.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Palette {
    pub targets: BTreeMap<String, Target>,
}

impl Palette {
    /// The target of the value called `name`.
    pub fn target(&self, name: &str) -> Target {
        self.targets.get(name).copied().unwrap_or(Target::Maintain)
    }
}
