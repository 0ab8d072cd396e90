//! Options, outcome and error of reading a table.

use crate::SampleSet;

/// How a table is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportOptions {
    /// Name of the column that holds the groups of prompts, instead of `group`.
    pub group: Option<String>,
}

/// A table that was read, with what its reader should know.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    pub set: SampleSet,
    /// Plain sentences: columns left out, what columns are used for, columns that cannot move, too few rows.
    pub notes: Vec<String>,
}

/// Why a table was not read: a plain sentence that says what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct ImportError(pub String);
