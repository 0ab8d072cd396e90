//! What the Models view knows; it outlives the view.

pub mod pace;
pub mod rewards;

use crate::app::browser::storage::Storage;
use leptos::prelude::*;
use pace::Pace;
use palette_protocol::{Loading, RequestId, Store, StoredModel};
use rewards::Measured;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What can be done with a model's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    Load,
    Verify,
    Delete,
}

/// A task that was asked for and is not over.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    pub task: Task,
    pub request: RequestId,
    /// `None` until the worker has begun.
    pub loading: Option<Loading>,
    pub pace: Pace,
    /// Whether the person wants it to end.
    pub cancelling: bool,
}

/// How the last task with a model ended, when there is something to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub is_error: bool,
    pub text: String,
}

/// Signals of the Models view. Models are named by their ids. Copies share them.
#[derive(Clone, Copy)]
pub struct ModelsState {
    /// `None` until the worker has told.
    pub store: RwSignal<Option<Store>>,
    /// Why the worker could not tell.
    pub failure: RwSignal<Option<String>>,
    pub work: RwSignal<BTreeMap<String, Work>>,
    /// Files that failed their check and were not loaded again since.
    pub damaged: RwSignal<BTreeMap<String, Vec<String>>>,
    pub said: RwSignal<BTreeMap<String, Said>>,
    pub storage: RwSignal<Storage>,
    /// How each value is measured, or why that is not known; `None` until it is here.
    pub rewards: RwSignal<Option<Result<Arc<Vec<Measured>>, String>>>,
}

impl ModelsState {
    pub fn new() -> Self {
        ModelsState {
            store: RwSignal::new(None),
            failure: RwSignal::new(None),
            work: RwSignal::new(BTreeMap::new()),
            damaged: RwSignal::new(BTreeMap::new()),
            said: RwSignal::new(BTreeMap::new()),
            storage: RwSignal::new(Storage::default()),
            rewards: RwSignal::new(None),
        }
    }

    /// What is known of a model.
    pub fn model(self, id: &str) -> Option<StoredModel> {
        self.store.with(|store| store.as_ref()?.models.iter().find(|model| model.id == id).cloned())
    }

    /// Whether the browser lets the page keep files; `None` until that is known.
    pub fn keeps(self) -> Option<bool> {
        self.store.with(|store| store.as_ref().map(|store| store.keeps))
    }

    /// Name of the model that the worker is busy with while `id` waits.
    pub fn waits_for(self, id: &str) -> Option<String> {
        let ahead = self.work.with(|work| {
            let own = work.get(id)?;
            if own.loading.is_some() {
                return None;
            }
            let earlier = work.iter().filter(|(other, task)| *other != id && task.request < own.request);
            earlier.min_by_key(|(_, task)| task.request).map(|(other, _)| other.clone())
        })?;
        self.model(&ahead).map(|model| model.name)
    }
}
