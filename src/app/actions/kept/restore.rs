//! Having a work back. What was kept is not trusted: every table passes the checks of a file, in the worker.

use super::record::{TableEntry, VERSION, Work};
use super::write::key;
use super::{answers, files, new_name};
use crate::app::actions::{address, table};
use crate::app::browser::kept::{self, Shelf};
use crate::app::browser::{download, tab};
use crate::app::format::count;
use crate::app::state::kept::KeptTable;
use crate::app::state::table::{Origin, Table};
use crate::app::state::{Given, Notice, Offer, Page};
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use palette_protocol::calls::{Reopen, Source};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The page does not wait longer for the browser's database, milliseconds.
const PATIENCE: u32 = 3000;
/// Works of closed tabs beyond these are let go, the oldest first.
const MOST_WORKS: usize = 12;

/// Brings back what this tab, or the one that was closed last, was at work on, then obeys the address.
pub fn start(page: Page) {
    leptos::task::spawn_local(async move {
        let found = match select(Box::pin(find()), Box::pin(TimeoutFuture::new(PATIENCE))).await {
            Either::Left((found, _)) => found,
            Either::Right(_) => Found { work: new_name(), record: None, continued: false },
        };
        let given = address::is_given();
        if let Some(record) = &found.record {
            put_back(page, record, given);
        }
        address::read(page);
        let in_use = match found.record {
            Some(record) => bring(page, &found.work, record, found.continued).await,
            None => None,
        };
        use_what_is_meant(page, in_use, given);
        tab::remember(&found.work);
        page.kept.work.set(found.work);
    });
}

struct Found {
    work: String,
    record: Option<Work>,
    /// Whether another tab had it.
    continued: bool,
}

/// The work of this tab, else that of the tab that was closed last, else a new one.
async fn find() -> Found {
    if let Some(own) = tab::remembered().filter(|own| !own.is_empty())
        && is_free(&own).await
    {
        return Found { record: record(&own).await, work: own, continued: false };
    }
    // A copy of a tab remembers the work of its original, and begins one of its own.
    let copied = tab::remembered().is_some_and(|own| !own.is_empty());
    if !copied && let Some(open) = tab::in_other_tabs().await {
        let mut left: Vec<(String, Work)> = Vec::new();
        for (work, text) in kept::all(Shelf::Works, "").await.unwrap_or_default() {
            if !open.contains(&work)
                && let Some(record) = text.as_string().as_deref().and_then(read)
            {
                if !record.is_worth_continuing() {
                    // What cannot be deleted now is tried again at the next start.
                    let _ = kept::delete_work(&work).await;
                    continue;
                }
                left.push((work, record));
            }
        }
        left.sort_by(|a, b| b.1.saved_at.total_cmp(&a.1.saved_at));
        for (work, _) in left.iter().skip(MOST_WORKS) {
            let _ = kept::delete_work(work).await;
        }
        for (work, record) in left.into_iter().take(MOST_WORKS) {
            if tab::claim(&work).await == Some(true) {
                return Found { work, record: Some(record), continued: true };
            }
        }
    }
    let work = new_name();
    let _ = tab::claim(&work).await;
    Found { work, record: None, continued: false }
}

/// Whether no other tab has the work. A page that was just left may hold it for another moment.
async fn is_free(work: &str) -> bool {
    for _ in 0..12 {
        if tab::claim(work).await != Some(false) {
            return true;
        }
        TimeoutFuture::new(100).await;
    }
    false
}

async fn record(work: &str) -> Option<Work> {
    read(&kept::get(Shelf::Works, work).await.ok()??.as_string()?)
}

/// `None` for a record that is damaged or of another version: it is left alone.
fn read(text: &str) -> Option<Work> {
    serde_json::from_str::<Work>(text).ok().filter(|work| work.version == VERSION)
}

/// The form, and the palette where the address says nothing.
fn put_back(page: Page, work: &Work, given: bool) {
    let state = page.answers;
    let sampling = &work.sampling;
    batch(|| {
        state.prompts.set(work.prompts.clone());
        state.groups.set(work.groups.clone());
        state.samples_per_prompt.set(sampling.answers.clamp(1, 64));
        state.max_tokens.set(sampling.max_tokens.clamp(1, 256));
        state.temperature.set(within(sampling.temperature, 0.0, 2.0, 1.0));
        state.top_k.set(sampling.top_k.min(50_000));
        state.top_p.set(within(sampling.top_p, 0.01, 1.0, 1.0));
        state.seed.set(sampling.seed);
        let confidence = |share: &f64| (0.5..=0.99).contains(share);
        if let Some(confidence) = work.confidence.filter(confidence) {
            state.choices.confidence.set(confidence);
        }
        state.choices.ask(work.hold.filter(confidence));
        state.choices.calibrate.set(work.calibrate);
        state.choices.as_composed.set(work.as_composed);
        state.no_system.set(sampling.system.as_deref() == Some(""));
        state.system.set(sampling.system.clone().unwrap_or_default());
        if !given {
            page.view.set(work.view);
            page.pooling.set(work.pooling);
            page.prompt.set(work.prompt);
            page.palette.set(work.palette.clone());
            page.palette_given.set_value(Given::Kept);
        }
    });
}

fn within(number: f64, low: f64, high: f64, usual: f64) -> f64 {
    if (low..=high).contains(&number) { number } else { usual }
}

/// Brings the tables and the answers back; gives the table that was in use.
async fn bring(page: Page, work: &str, record: Work, continued: bool) -> Option<Arc<Table>> {
    let mut tables = BTreeMap::new();
    // Damaged ones stay under their numbers until the person deletes them.
    let numbers = record.tables.iter().map(|entry| entry.number);
    let last = numbers.chain(record.files.iter().map(|entry| entry.number)).max();
    page.kept.last_number.set_value(last.unwrap_or(0));
    for entry in &record.tables {
        let key = key(work, entry.number);
        match table_of(page, &key, entry).await {
            Ok(table) => {
                let kept = KeptTable { number: entry.number, fingerprint: Some(entry.fingerprint.clone()) };
                page.kept.tables.update(|all| drop(all.insert(table.id, kept)));
                page.tables.update(|all| all.push(table.clone()));
                tables.insert(entry.number, table);
            }
            Err(reason) => {
                let text = format!("“{}”, kept from before, was not opened. {reason}", entry.name);
                let offer = Some(Offer::Damaged { key });
                Notice { offer, ..Notice::new(true, &text) }.show(page.notices);
            }
        }
    }
    let prompts = record.prompts.lines().filter(|line| !line.trim().is_empty()).count();
    let drawn = record.job.is_some();
    let from_disk = files::restore(page, work, &record.files).await;
    if let Some(job) = record.job {
        answers::restore(page, work, job, &tables, &from_disk).await;
    }
    let parts: Vec<String> = [
        (!tables.is_empty()).then(|| count(tables.len(), "table")),
        (prompts > 0).then(|| count(prompts, "prompt")),
        drawn.then(|| "the last answers".to_owned()),
        (!from_disk.is_empty()).then(|| format!("{} from your disk", count(from_disk.len(), "file"))),
    ]
    .into_iter()
    .flatten()
    .collect();
    if continued && !parts.is_empty() {
        let text = format!("Here is what you were at work on: {}.", crate::app::format::list(&parts, 4));
        let offer = Some(Offer::StartAfresh);
        Notice { offer, ..Notice::new(false, &text) }.show(page.notices);
    }
    tables.get(&record.in_use?).cloned()
}

async fn table_of(page: Page, key: &str, entry: &TableEntry) -> Result<Arc<Table>, String> {
    // The worker fetches it from there, so that the page need not stand still for a large one.
    let source = Source::Kept { database: kept::database(), key: key.to_owned() };
    let set_id = table::new_id(page);
    let call =
        Reopen { set_id, name: entry.name.clone(), source, fingerprint: Some(entry.fingerprint.clone()) };
    let reopened = page.solver.with_value(|solver| solver.reopen(call)).await;
    let reopened =
        reopened.map_err(|error| error.message().unwrap_or_else(|| "It was cancelled.".to_owned()))?;
    TimeoutFuture::new(0).await;
    let origin = if entry.opened { Origin::Opened } else { Origin::Generated };
    let table = Table::new(set_id, origin, reopened.set, entry.notes.clone()).map(Arc::new);
    TimeoutFuture::new(0).await;
    table
}

/// Composes on the set that the link names; without a link on the one that was in use; else on the built-in
/// one.
fn use_what_is_meant(page: Page, in_use: Option<Arc<Table>>, given: bool) {
    let wanted = page.kept.wanted.get_value();
    page.kept.wanted.set_value(None);
    let meant = match &wanted {
        // Of two tables of that name it is the one that was in use.
        Some(name) => in_use.filter(|table| table.set.name == *name),
        None if given => None,
        None => in_use,
    };
    if let (None, Some(name)) = (&meant, wanted) {
        return address::find_set(page, name);
    }
    page.kept.awaited.set(false);
    let in_use = page.table.with_untracked(Option::is_some);
    if let Some(table) = meant.or_else(|| table::built_in(page).filter(|_| !in_use)) {
        table::switch_to(page, table);
    }
}

/// Saves what is there of a damaged table as a file.
pub fn download_damaged(page: Page, key: String) {
    leptos::task::spawn_local(async move {
        let stored = kept::get(Shelf::Tables, &key).await.ok().flatten();
        let text = stored.and_then(|stored| match stored.as_string() {
            Some(text) => Some(text),
            None => js_sys::JSON::stringify(&stored).ok().map(String::from),
        });
        if !text.is_some_and(|text| download::save("damaged-table.json", &text)) {
            page.notify_error("There is nothing left of it that could be downloaded.");
        }
    });
}

pub fn delete_damaged(page: Page, key: String) {
    leptos::task::spawn_local(async move {
        if let Err(failure) = kept::delete(Shelf::Tables, &key).await {
            page.notify_error(format!("{} It was not deleted.", failure.words()));
        }
    });
}
