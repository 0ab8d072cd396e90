//! A palette to answer for, and how the answers of a set compete.

use palette_tables::Palette;
use serde::{Deserialize, Serialize};

/// How prompts are treated when a palette is solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pooling {
    /// One group of all answers.
    Pooled,
    /// Answers compete only with answers to the same prompt.
    PerPrompt,
}

/// A palette to study on the set in use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub palette: Palette,
    pub pooling: Pooling,
}
