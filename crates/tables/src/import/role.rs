//! What a column of a table is for.

use serde::{Deserialize, Serialize};

/// What a column of a table is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Role {
    /// What was answered: rows with the same cell compete with one another per prompt.
    Prompt,
    /// The text of the answer.
    Answer,
    /// Group of prompts that the row belongs to.
    Group,
    /// Base weight of the answer.
    Weight,
    /// Weight of the prompt.
    PromptWeight,
    /// Rewards for a value.
    Value,
    /// Not used.
    Off,
}
