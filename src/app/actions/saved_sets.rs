//! Keeping sample sets in this browser from one visit to the next.

use super::table;
use crate::app::browser::saved_sets::{self, Entry};
use crate::app::state::saved_sets::Kept;
use crate::app::state::table::{Origin, Table};
use crate::app::state::{Given, Notice, Offer, Page};
use leptos::prelude::*;
use palette_protocol::calls::{Reopen, Source};
use palette_protocol::link::is_meant;
use palette_protocol::stored::fingerprint;
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
            fingerprint: Some(fingerprint(&table.set)),
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
        match bring(page, &entry).await {
            Ok(name) => page.notify(format!("Composing on “{name}” now.")),
            Err(reason) => was_not_opened(page, &entry, &reason).await,
        }
    });
}

/// Says so, and offers what is there of it as a file.
async fn was_not_opened(page: Page, entry: &Entry, reason: &str) {
    let offer = saved_sets::text(entry)
        .await
        .ok()
        .map(|text| Offer::Save { name: "saved-set.json".to_owned(), text });
    let text = format!("“{}” was not opened. {reason}", entry.name);
    Notice { offer, ..Notice::new(true, &text) }.show(page.notices);
}

/// Composes on the saved set that a link names; whether there is one. What is wrong with it is said.
pub async fn open_named(page: Page, name: &str) -> bool {
    let Ok(entries) = saved_sets::entries().await else { return false };
    let exact = entries.iter().find(|entry| entry.name == name);
    let found = exact.or_else(|| entries.iter().find(|entry| is_meant(name, &entry.name)));
    let Some(entry) = found else { return false };
    page.palette_given.set_value(Given::ByLink);
    if let Err(reason) = bring(page, entry).await {
        was_not_opened(page, entry, &reason).await;
        return false;
    }
    true
}

/// Has a saved set checked by the worker, as a file would be, and composes on it; gives its name.
async fn bring(page: Page, entry: &Entry) -> Result<String, String> {
    let text = saved_sets::text(entry).await?;
    let set_id = table::new_id(page);
    let call = Reopen {
        set_id,
        name: entry.name.clone(),
        source: Source::Given(text.into()),
        fingerprint: entry.fingerprint.clone(),
    };
    let reopened = page.solver.with_value(|solver| solver.reopen(call)).await;
    let reopened = reopened.map_err(|error| {
        let reason = error.message().unwrap_or_else(|| "It was cancelled.".to_owned());
        format!("{reason} It stays in Data under “Saved in this browser”, from where it can be deleted.")
    })?;
    // A set that is here already is not added again.
    let here =
        page.tables.with_untracked(|tables| tables.iter().find(|table| table.set == reopened.set).cloned());
    if let Some(table) = here {
        table::switch_to(page, table);
        return Ok(entry.name.clone());
    }
    let origin = if entry.opened { Origin::Opened } else { Origin::Generated };
    let taken =
        page.tables.with_untracked(|tables| tables.iter().any(|table| table.set.name == reopened.set.name));
    if taken {
        let set = Arc::unwrap_or_clone(reopened.set);
        return table::add_named_apart(page, set, origin, reopened.notes).map(|table| table.set.name.clone());
    }
    let name = reopened.set.name.clone();
    table::add_as(page, set_id, reopened.set, origin, reopened.notes)?;
    Ok(name)
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
