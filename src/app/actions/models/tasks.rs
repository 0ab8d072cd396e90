//! Starting, following and ending what is done with the models' files.

use super::storage;
use crate::app::browser::clock;
use crate::app::state::Page;
use crate::app::state::models::pace::Pace;
use crate::app::state::models::tasks::{Said, Task, Work};
use leptos::prelude::*;
use palette_protocol::{Reply, Request};

/// Asks what the browser holds, and what room it has.
pub fn refresh(page: Page) {
    let state = page.models;
    state.failure.set(None);
    page.store.with_value(|store| {
        store.send(Request::Stored, move |reply| match reply {
            Reply::Stored(store) => {
                // A model that is whole again is not damaged any more.
                let whole = |id: &String| {
                    store.models.iter().any(|model| model.id == *id && model.stored_shards == model.shards)
                };
                state.damaged.update(|damaged| damaged.retain(|id, _| !whole(id)));
                state.store.set(Some(store));
            }
            // The list that was known stays on show; a task that needs more says so itself.
            Reply::Failed { message } | Reply::Lost { message }
                if state.store.with_untracked(Option::is_none) =>
            {
                state.failure.set(Some(message));
            }
            _ => {}
        });
    });
    storage::refresh(page);
}

/// Starts a task, unless one of the same model is not over. The worker does one after another.
pub fn start(page: Page, model: &str, task: Task) {
    let state = page.models;
    if state.work.with_untracked(|work| work.contains_key(model)) {
        return;
    }
    let id = model.to_owned();
    let request = match task {
        Task::Load => Request::Fetch { model: id.clone() },
        Task::Verify => Request::Verify { model: id.clone() },
        Task::Delete => Request::Delete { model: id.clone() },
    };
    let work = Work { task, request: None, loading: None, pace: Pace::default(), cancelling: false };
    batch(|| {
        state.said.update(|said| drop(said.remove(model)));
        state.work.update(|all| drop(all.insert(id.clone(), work)));
    });
    let number =
        page.store.with_value(|store| store.send(request, move |reply| on_reply(page, &id, task, reply)));
    // A worker that could not start has ended it by now.
    change(page, model, |work| work.request = Some(number));
}

/// Loads every model that is not whole.
pub fn load_all(page: Page) {
    let missing: Vec<String> = page.models.store.with_untracked(|store| {
        let models = store.iter().flat_map(|store| &store.models);
        models.filter(|model| model.stored_shards < model.shards).map(|model| model.id.clone()).collect()
    });
    for model in missing {
        start(page, &model, Task::Load);
    }
}

/// Ends a task.
pub fn cancel(page: Page, model: &str) {
    let request = page.models.work.with_untracked(|work| work.get(model).and_then(|work| work.request));
    if let Some(request) = request {
        change(page, model, |work| work.cancelling = true);
        page.store.with_value(|store| store.cancel(request));
    }
}

fn change(page: Page, model: &str, change: impl FnOnce(&mut Work)) {
    page.models.work.update(|work| {
        if let Some(work) = work.get_mut(model) {
            change(work);
        }
    });
}

fn on_reply(page: Page, model: &str, task: Task, reply: Reply) {
    let state = page.models;
    let said = match reply {
        Reply::Loading(loading) => {
            change(page, model, |work| {
                work.pace.record(clock::seconds(), loading.bytes, loading.from_cache);
                work.loading = Some(loading);
            });
            return;
        }
        Reply::Verified { broken } if broken.is_empty() => news("Every stored file passed its check."),
        Reply::Verified { broken } => {
            state.damaged.update(|damaged| drop(damaged.insert(model.to_owned(), broken)));
            None
        }
        Reply::Done { notes } => {
            settle(page, model, task);
            news(&notes.join(" "))
        }
        Reply::Cancelled if task == Task::Load => news("Cancelled. The files that had arrived are kept."),
        Reply::Cancelled => news("Cancelled."),
        Reply::Failed { message } | Reply::Lost { message } => Some(Said { is_error: true, text: message }),
        _ => None,
    };
    batch(|| {
        state.work.update(|work| drop(work.remove(model)));
        state.said.update(|all| match said {
            Some(said) => drop(all.insert(model.to_owned(), said)),
            None => drop(all.remove(model)),
        });
    });
    refresh(page);
}

/// Shows what a finished task must have led to, before the worker has looked again.
fn settle(page: Page, model: &str, task: Task) {
    page.models.damaged.update(|damaged| drop(damaged.remove(model)));
    page.models.store.update(|store| {
        if let Some(model) =
            store.iter_mut().flat_map(|store| &mut store.models).find(|other| other.id == model)
        {
            (model.stored_shards, model.stored_bytes) =
                if task == Task::Delete { (0, 0) } else { (model.shards, model.bytes) };
        }
    });
}

fn news(text: &str) -> Option<Said> {
    (!text.is_empty()).then(|| Said { is_error: false, text: text.to_owned() })
}
