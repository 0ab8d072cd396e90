//! Writing the work down.

use super::new_name;
use super::record::{self, is_worth_keeping};
use crate::app::browser::events::on_window;
use crate::app::browser::kept::{self, Failure, Shelf};
use crate::app::browser::tab;
use crate::app::state::Page;
use crate::app::state::kept::KeptTable;
use crate::app::state::table::{Origin, Table};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use palette_protocol::calls::Keep;
use palette_protocol::stored::{fingerprint_of, pack};
use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// How long the work must rest before it is written, milliseconds.
const REST: u32 = 150;

/// Writes from now on whatever changes, and has the browser ask before the page is left unwritten.
pub(super) fn follow(page: Page) {
    let pending = StoredValue::new_local(None::<Timeout>);
    let waits = StoredValue::new(false);
    Effect::new(move |_| {
        let work = record::of(page);
        if page.kept.work.with(String::is_empty) {
            return;
        }
        if !waits.get_value() {
            page.kept.pending.update(|n| *n += 1);
            waits.set_value(true);
        }
        // The one before it is dropped, and with it cleared.
        pending.set_value(Some(Timeout::new(REST, move || {
            waits.set_value(false);
            put_record(page, &work);
        })));
    });
    Effect::new(move |_| {
        if page.kept.work.with(String::is_empty) {
            return;
        }
        page.tables.with(|tables| keep_tables(page, tables));
    });
    let write_at_once = move || {
        if waits.get_value() {
            waits.set_value(false);
            pending.set_value(None);
            put_record(page, &untrack(|| record::of(page)));
        }
    };
    on_window("pagehide", move |_: &web_sys::Event| write_at_once());
    on_window("beforeunload", move |event: &web_sys::Event| {
        let unwritten = page.kept.pending.get_untracked() > 0 || page.kept.failure.get_untracked().is_some();
        write_at_once();
        if unwritten && is_worth_keeping(page) {
            event.prevent_default();
            // Older browsers ask only so.
            let _ = js_sys::Reflect::set(event, &"returnValue".into(), &"unsaved".into());
        }
    });
}

/// The record's writing is counted as begun when it was put off.
fn put_record(page: Page, work: &record::Work) {
    let text = serde_json::to_string(work);
    leptos::task::spawn_local(async move {
        let key = page.kept.work.get_untracked();
        let put = match text {
            _ if key.is_empty() => Ok(()),
            Ok(text) => kept::put(Shelf::Works, &key, &JsValue::from_str(&text)).await,
            Err(_) => Err(Failure::Refused),
        };
        ended(page, put);
    });
}

/// Does a writing, and counts it for as long as it takes.
pub(super) fn writing(page: Page, write: impl Future<Output = Result<(), Failure>> + 'static) {
    page.kept.pending.update(|n| *n += 1);
    leptos::task::spawn_local(async move { ended(page, write.await) });
}

fn ended(page: Page, put: Result<(), Failure>) {
    page.kept.pending.update(|n| *n = n.saturating_sub(1));
    match put {
        Ok(()) => page.kept.failure.set(None),
        Err(failure) => {
            let known = page.kept.failure.get_untracked() == Some(failure);
            if !known && is_worth_keeping(page) {
                page.kept.failure.set(Some(failure));
                page.notify_error(format!(
                    "{} What you work on here is gone when the page is closed: export what must last.",
                    failure.words()
                ));
            }
        }
    }
}

/// Keeps the tables that are not kept yet, and no longer those that are gone.
fn keep_tables(page: Page, tables: &[Arc<Table>]) {
    let known: BTreeSet<usize> = page.kept.tables.with_untracked(|kept| kept.keys().copied().collect());
    for table in tables.iter().filter(|table| table.origin != Origin::BuiltIn && !known.contains(&table.id)) {
        let table = table.clone();
        let (id, number) = (table.id, page.kept.new_number());
        page.kept.tables.update(|kept| drop(kept.insert(id, KeptTable { number, fingerprint: None })));
        writing(page, async move {
            put_table(page, &key(&page.kept.work.get_untracked(), number), &table).await?;
            let mark = Some(fingerprint_of(table.key));
            page.kept.tables.update(|kept| {
                if let Some(kept) = kept.get_mut(&id) {
                    kept.fingerprint = mark;
                }
            });
            Ok(())
        });
    }
    for id in known.into_iter().filter(|id| !tables.iter().any(|table| table.id == *id)) {
        let gone = page.kept.tables.try_update(|kept| kept.remove(&id)).flatten();
        if let Some(gone) = gone {
            let key = key(&page.kept.work.get_untracked(), gone.number);
            writing(page, async move { kept::delete(Shelf::Tables, &key).await });
        }
    }
}

/// The worker that has read a table writes it, so that the page does not stand still; it need not hold it.
async fn put_table(page: Page, key: &str, table: &Table) -> Result<(), Failure> {
    if table.origin == Origin::Opened {
        let keep = Keep { on: table.key, database: kept::database(), key: key.to_owned() };
        let written = page.solver.with_value(|solver| solver.keep(keep)).await;
        if let Ok(Some(written)) = written {
            return written;
        }
    }
    let packed = pack(&table.set).map_err(|_| Failure::Refused)?;
    kept::put(Shelf::Tables, key, &packed).await
}

/// The key of a table or a file.
pub(super) fn key(work: &str, number: u32) -> String {
    format!("{work}/{number}")
}

/// Deletes what is kept of this work, and begins another with an empty page.
pub fn start_afresh(page: Page) {
    leptos::task::spawn_local(async move {
        let work = page.kept.work.get_untracked();
        // Nothing is written any more.
        page.kept.work.set(String::new());
        if let Err(failure) = kept::delete_work(&work).await {
            page.kept.work.set(work);
            return page.notify_error(format!("{} Nothing was deleted.", failure.words()));
        }
        tab::remember(&new_name());
        page.kept.failure.set(None);
        page.kept.pending.set(0);
        let location = window().location();
        let replaced = window().history().and_then(|history| {
            history.replace_state_with_url(&JsValue::NULL, "", location.pathname().ok().as_deref())
        });
        // Where the address cannot be changed, its palette stays; the rest is gone all the same.
        let _ = replaced.and_then(|()| location.reload());
    });
}
