//! The sample sets that this browser keeps.

use crate::app::browser::saved_sets::Entry;
use leptos::prelude::*;
use std::sync::Arc;

/// The sets, as far as is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// Not asked yet.
    Unknown,
    /// It keeps nothing, for a reason in a plain sentence.
    Refused(String),
    Here(Vec<Entry>),
}

/// The saved sets. Copies share them.
#[derive(Clone, Copy)]
pub struct SavedSets {
    pub kept: RwSignal<Kept>,
    /// The set that was deleted last, with its content, until another is.
    pub deleted: RwSignal<Option<(Entry, Arc<String>)>>,
}

impl SavedSets {
    pub fn new() -> Self {
        SavedSets { kept: RwSignal::new(Kept::Unknown), deleted: RwSignal::new(None) }
    }
}
