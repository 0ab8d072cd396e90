//! The models of the page in one file, which come from a second file that the person chooses.

use crate::app::browser::carried::{ModelsFile, models_file};
use leptos::prelude::*;

/// How far the choosing of that file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taking {
    NotYet,
    /// Being read, and compared with its SHA-256.
    Checking,
    Taken,
    /// Why it was not taken, in a sentence.
    Refused(String),
}

/// What is known of it. Copies share it.
#[derive(Clone, Copy)]
pub struct Carried {
    /// `None` where the page is served.
    pub file: StoredValue<Option<ModelsFile>>,
    pub taking: RwSignal<Taking>,
}

impl Carried {
    pub fn new() -> Self {
        Carried { file: StoredValue::new(models_file()), taking: RwSignal::new(Taking::NotYet) }
    }

    /// Whether a file that is dropped onto the page is meant to be that of the models.
    pub fn is_meant(self, name: &str, bytes: u64) -> bool {
        self.file
            .with_value(|file| file.as_ref().is_some_and(|file| file.name == name || file.bytes == bytes))
    }
}
