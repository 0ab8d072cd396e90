//! Sample sets that this browser keeps from one visit to the next.

mod list;

pub use list::SavedList;

use super::browser::saved_sets::{self, Entry};
use super::state::Page;
use super::table::{Origin, Table};
use crate::table::SampleSet;
use leptos::prelude::*;
use std::sync::Arc;

/// What this browser keeps, as far as is known.
#[derive(Clone, Debug, PartialEq)]
enum Kept {
    /// Not asked yet.
    Unknown,
    /// It keeps nothing, for a reason in a plain sentence.
    Refused(String),
    Here(Vec<Entry>),
}

/// The saved sets. Copies share them.
#[derive(Clone, Copy)]
pub struct SavedSets {
    kept: RwSignal<Kept>,
    /// The set that was deleted last, with its content, until another is.
    deleted: RwSignal<Option<(Entry, Arc<String>)>>,
}

impl SavedSets {
    pub fn new() -> Self {
        SavedSets { kept: RwSignal::new(Kept::Unknown), deleted: RwSignal::new(None) }
    }

    /// Looks what is there.
    pub fn refresh(self) {
        leptos::task::spawn_local(async move {
            self.kept.set(match saved_sets::entries().await {
                Ok(entries) => Kept::Here(entries),
                Err(reason) => Kept::Refused(reason),
            });
        });
    }

    /// Keeps a set; one of the same name gives way to it.
    pub fn save(self, page: Page, table: Arc<Table>) {
        let text = match serde_json::to_string(&*table.set) {
            Ok(text) => text,
            Err(error) => return page.complain(format!("{} could not be written as JSON ({error}).", table.set.name)),
        };
        leptos::task::spawn_local(async move {
            let entry = Entry { name: table.set.name.clone(), bytes: text.len() as u64, opened: table.origin == Origin::Opened };
            match saved_sets::put(&entry, &text).await {
                Ok(()) => page.say(format!("“{}” is saved in this browser. You find it in Data.", entry.name)),
                Err(reason) => page.complain(format!("“{}” was not saved. {reason}", entry.name)),
            }
            self.refresh();
        });
    }

    /// Composes on a saved set.
    fn open(self, page: Page, entry: Entry) {
        leptos::task::spawn_local(async move {
            let read = saved_sets::text(&entry).await;
            let set = read.and_then(|text| serde_json::from_str::<SampleSet>(&text).map_err(|error| format!("It is damaged ({error}).")));
            let set = match set {
                Ok(set) => set,
                Err(reason) => return page.complain(format!("“{}” was not opened. {reason}", entry.name)),
            };
            // What is here already is not added again.
            let here = page.tables.with_untracked(|tables| tables.iter().find(|table| *table.set == set).cloned());
            if let Some(table) = here {
                page.switch_to(table);
                return page.say(format!("Composing on “{}” now.", entry.name));
            }
            let origin = if entry.opened { Origin::Opened } else { Origin::Generated };
            match page.add_named_apart(set, origin, Vec::new()) {
                Ok(table) => page.say(format!("Composing on “{}” now.", table.set.name)),
                Err(message) => page.complain(message),
            }
        });
    }

    fn delete(self, page: Page, entry: Entry) {
        leptos::task::spawn_local(async move {
            let text = saved_sets::text(&entry).await.ok();
            match saved_sets::delete(&entry).await {
                Ok(()) => self.deleted.set(text.map(|text| (entry, Arc::new(text)))),
                Err(reason) => page.complain(format!("“{}” was not deleted. {reason}", entry.name)),
            }
            self.refresh();
        });
    }

    /// Keeps again what was deleted last.
    fn undelete(self, page: Page) {
        let Some((entry, text)) = self.deleted.get_untracked() else { return };
        leptos::task::spawn_local(async move {
            match saved_sets::put(&entry, &text).await {
                Ok(()) => self.deleted.set(None),
                Err(reason) => page.complain(format!("“{}” could not be kept again. {reason}", entry.name)),
            }
            self.refresh();
        });
    }
}
