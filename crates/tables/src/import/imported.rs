//! Options, outcome and error of reading a table.

use super::role::Role;
use crate::SampleSet;
use serde::{Deserialize, Serialize};

/// How a table is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportOptions {
    /// Name of the column that holds the groups of prompts, instead of `group`.
    pub group: Option<String>,
    /// Roles of columns by name, in place of those that are found.
    pub roles: Vec<(String, Role)>,
    /// Names that targets mention: doubtful columns called so are values.
    pub chosen: Vec<String>,
}

/// One column as it was understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreviewColumn {
    pub name: String,
    pub role: Role,
    /// Why it has that role: a short sentence, empty where the name says it.
    pub why: String,
    /// The first rows, at most [`PREVIEW_ROWS`](crate::import::PREVIEW_ROWS), as they stand in the file; long
    /// ones are cut.
    pub cells: Vec<String>,
    /// Whether it holds numbers, so that it can be a value or a weight.
    pub may_be_value: bool,
}

/// The table as it was understood, to be shown before anything is composed on it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// Number of rows that were read.
    pub rows: usize,
    /// In the order of the file. Empty for a saved sample set, whose columns need no guess.
    pub columns: Vec<PreviewColumn>,
}

/// A table that was read, with what its reader should know.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    pub set: SampleSet,
    /// Plain sentences: how many rows, columns left out, what columns are used for, columns that cannot move,
    /// too few rows.
    pub notes: Vec<String>,
    pub preview: Preview,
}
