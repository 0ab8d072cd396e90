//! The state of the Models view; it outlives the view.

pub mod carried;
pub mod pace;
pub mod rewards;
pub mod tasks;

use crate::app::browser::storage::Storage;
use carried::Carried;
use leptos::prelude::*;
use palette_protocol::{Store, StoredModel};
use rewards::Measured;
use std::collections::BTreeMap;
use std::sync::Arc;
use tasks::{Said, Work};

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
    pub carried: Carried,
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
            carried: Carried::new(),
            rewards: RwSignal::new(None),
        }
    }

    /// The model of this id, once the worker has told.
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
