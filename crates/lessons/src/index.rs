//! The list of lessons: `index.json` beside their files.

use serde::{Deserialize, Serialize};

/// A lesson in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Name of the file.
    pub file: String,
    pub id: String,
    pub title: String,
    pub minutes: u32,
    pub teaches: String,
    /// How many tasks it has.
    pub tasks: usize,
}

/// Reads the list.
///
/// # Errors
/// Why not, as a clause.
pub fn read_index(text: &str) -> Result<Vec<Entry>, String> {
    serde_json::from_str(text).map_err(|error| format!("the list of lessons is damaged ({error})"))
}
