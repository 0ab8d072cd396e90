//! What was asked of one value, to be held against what came out.

use palette_tables::{Level, Target};
use serde::{Deserialize, Serialize};

/// The target of one value, as it is judged on new prompts; levels in the value's own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AskedTarget {
    /// The value's, or `VALUE@GROUP`.
    pub name: String,
    /// The group of prompts that it is about; `None` for all prompts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The bounds as asked for, without any margin.
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// Whether they count from what the prompts give anyway.
    pub relative: bool,
    /// Base mean of the prompts that the palette was solved on.
    pub base: f64,
    /// Standard error of that mean over those prompts; `None` with fewer than two.
    pub base_error: Option<f64>,
    /// Number of those prompts.
    pub prompts: usize,
}

/// Name of a target on a group of prompts.
pub(crate) fn on_group(value: &str, group: &str) -> String {
    format!("{value}@{group}")
}

impl AskedTarget {
    /// Name of the value.
    pub fn value(&self) -> &str {
        match &self.group {
            Some(group) => {
                self.name.strip_suffix(group).and_then(|of| of.strip_suffix('@')).unwrap_or(&self.name)
            }
            None => &self.name,
        }
    }

    /// The bounds of what is measured: of the level, or where `relative` of its lift above the base.
    pub fn measured_bounds(&self) -> [Option<f64>; 2] {
        let from = if self.relative { self.base } else { 0.0 };
        [self.lower.map(|c| c - from), self.upper.map(|c| c - from)]
    }

    /// The same target on other prompts: what counts from the base does so there.
    pub(crate) fn target(&self) -> Target {
        let level = |c: f64| if self.relative { Level::Base(c - self.base) } else { Level::At(c) };
        match (self.lower.map(level), self.upper.map(level)) {
            (None, None) => Target::Off,
            (Some(low), None) => Target::AtLeast(low),
            (None, Some(high)) => Target::AtMost(high),
            (Some(low), Some(high)) if low == high => Target::Exactly(low),
            (Some(low), Some(high)) => Target::Between(low, high),
        }
    }

    /// Whether anything is asked.
    pub fn is_off(&self) -> bool {
        self.lower.is_none() && self.upper.is_none()
    }
}
