//! Keeping sample sets in this browser from one visit to the next.

use super::table;
use crate::app::browser::saved_sets::{self, Entry};
use crate::app::state::Page;
use crate::app::state::saved_sets::Kept;
use crate::app::state::table::{Origin, Table};
use leptos::prelude::*;
use palette_tables::SampleSet;
use std::sync::Arc;

/// Looks what is there.
pub fn refresh(page: Page) {
    leptos::task::spawn_local(async move {
        if let Err(reason) = saved_sets::carry_over().await {
            page.notify_error(reason);
        }
        page.saved.kept.set(match saved_sets::entries().await {
            Ok(entries) => Kept::Here(entries),
            Err(reason) => Kept::Refused(reason),
        });
    });
}

/// Keeps a set; one of the same name gives way to it.
pub fn save(page: Page, table: Arc<Table>) {
    let text = match serde_json::to_string(&*table.set) {
        Ok(text) => text,
        Err(error) => {
            return page.notify_error(format!("{} could not be written as JSON ({error}).", table.set.name));
        }
    };
    leptos::task::spawn_local(async move {
        let entry = Entry {
            name: table.set.name.clone(),
            bytes: text.len() as u64,
            opened: table.origin == Origin::Opened,
        };
        match saved_sets::put(&entry, &text).await {
            Ok(()) => page.notify(format!("“{}” is saved in this browser. You find it in Data.", entry.name)),
            Err(reason) => page.notify_error(format!("“{}” was not saved. {reason}", entry.name)),
        }
        refresh(page);
    });
}

/// Composes on a saved set.
pub fn open(page: Page, entry: Entry) {
    leptos::task::spawn_local(async move {
        let read = saved_sets::text(&entry).await;
        let set = read.and_then(|text| {
            serde_json::from_str::<SampleSet>(&text).map_err(|error| format!("It is damaged ({error})."))
        });
        let set = match set {
            Ok(set) => set,
            Err(reason) => return page.notify_error(format!("“{}” was not opened. {reason}", entry.name)),
        };
        // A set that is here already is not added again.
        let here =
            page.tables.with_untracked(|tables| tables.iter().find(|table| *table.set == set).cloned());
        if let Some(table) = here {
            table::switch_to(page, table);
            return page.notify(format!("Composing on “{}” now.", entry.name));
        }
        let origin = if entry.opened { Origin::Opened } else { Origin::Generated };
        match table::add_named_apart(page, set, origin, Vec::new()) {
            Ok(table) => page.notify(format!("Composing on “{}” now.", table.set.name)),
            Err(message) => page.notify_error(message),
        }
    });
}

/// Deletes a saved set; it can be had back until another is deleted.
pub fn delete(page: Page, entry: Entry) {
    leptos::task::spawn_local(async move {
        let text = saved_sets::text(&entry).await.ok();
        match saved_sets::delete(&entry).await {
            Ok(()) => page.saved.deleted.set(text.map(|text| (entry, Arc::new(text)))),
            Err(reason) => page.notify_error(format!("“{}” was not deleted. {reason}", entry.name)),
        }
        refresh(page);
    });
}

/// Keeps again what was deleted last.
pub fn undelete(page: Page) {
    let Some((entry, text)) = page.saved.deleted.get_untracked() else { return };
    leptos::task::spawn_local(async move {
        match saved_sets::put(&entry, &text).await {
            Ok(()) => page.saved.deleted.set(None),
            Err(reason) => page.notify_error(format!("“{}” could not be kept again. {reason}", entry.name)),
        }
        refresh(page);
    });
}
