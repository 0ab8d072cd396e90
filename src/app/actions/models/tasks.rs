//! Starting, following and ending what is done with the models' files.

use super::storage;
use crate::app::state::Page;
use crate::app::state::models::pace::Pace;
use crate::app::state::models::tasks::{Said, Task, Work};
use crate::client::{CallError, News, clock};
use futures_util::StreamExt;
use leptos::prelude::*;
use leptos::task::spawn_local;
use palette_protocol::calls::{Delete, Fetch, Stored, Verify};
use palette_protocol::{Call, Loading, RequestId};
use std::future::Future;

/// Seconds of silence that are told of.
const LONG: u32 = 15;

/// Tells from now on when the worker that looks after the models is silent for long.
pub fn follow(page: Page) {
    page.store.with_value(|store| {
        store.is_now("store", move |news| {
            if matches!(news, News::Starting(seconds) | News::Silent(seconds, _) if seconds >= LONG) {
                page.notify(
                    "The worker that looks after the models has not been heard of for a while. The network \
                        may be slow; composing works meanwhile.",
                );
            }
        });
    });
}

/// Asks what the browser holds, and what room it has.
pub fn refresh(page: Page) {
    let state = page.models;
    state.failure.set(None);
    let stored = page.store.with_value(|store| store.call(Stored {}));
    spawn_local(async move {
        match stored.await.map_err(CallError::message) {
            Ok(store) => {
                // A model that is whole again is not damaged any more.
                let whole = |id: &String| {
                    store.models.iter().any(|model| model.id == *id && model.stored_shards == model.shards)
                };
                state.damaged.update(|damaged| damaged.retain(|id, _| !whole(id)));
                state.store.set(Some(store));
            }
            Err(Some(message)) if state.store.with_untracked(Option::is_none) => {
                state.failure.set(Some(message));
            }
            // The list that was known stays on show; a task that needs more says so itself.
            Err(_) => {}
        }
    });
    storage::refresh(page);
}

/// Starts a task, unless one of the same model is not over. The worker does one after another.
pub fn start(page: Page, model: &str, task: Task) {
    let state = page.models;
    if state.work.with_untracked(|work| work.contains_key(model)) {
        return;
    }
    let work = |request| Work { task, request, loading: None, pace: Pace::default(), cancelling: false };
    let begins = |request| {
        batch(|| {
            state.said.update(|said| drop(said.remove(model)));
            state.work.update(|all| drop(all.insert(model.to_owned(), work(request))));
        });
    };
    let id = model.to_owned();
    match task {
        Task::Load => {
            let (request, notes) = with_loading(page, model, Fetch { model: id.clone() });
            begins(request);
            spawn_local(async move { is_done(page, &id, task, notes.await) });
        }
        Task::Verify => {
            let (request, broken) = with_loading(page, model, Verify { model: id.clone() });
            begins(request);
            spawn_local(async move { is_verified(page, &id, broken.await) });
        }
        Task::Delete => {
            let deleted = page.store.with_value(|store| store.call(Delete { model: id.clone() }));
            begins(deleted.id());
            spawn_local(async move { is_done(page, &id, task, deleted.await.map(|()| Vec::new())) });
        }
    }
}

/// Calls the worker, and shows how far it is until the reply comes.
fn with_loading<C>(
    page: Page,
    model: &str,
    call: C,
) -> (RequestId, impl Future<Output = Result<C::Reply, CallError>> + use<C>)
where
    C: Call<Progress = Loading>,
{
    let mut pending = page.store.with_value(|store| store.call(call));
    let (id, model) = (pending.id(), model.to_owned());
    let reply = async move {
        while let Some(loading) = pending.progress().next().await {
            change(page, &model, |work| {
                work.pace.record(clock::seconds(), loading.bytes, loading.from_cache);
                work.loading = Some(loading);
            });
        }
        pending.await
    };
    (id, reply)
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
    let request = page.models.work.with_untracked(|work| work.get(model).map(|work| work.request));
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

fn is_verified(page: Page, model: &str, broken: Result<Vec<String>, CallError>) {
    let said = match broken {
        Ok(broken) if broken.is_empty() => news("Every stored file passed its check."),
        Ok(broken) => {
            page.models.damaged.update(|damaged| drop(damaged.insert(model.to_owned(), broken)));
            None
        }
        Err(error) => failure(Task::Verify, error),
    };
    ends(page, model, said);
}

fn is_done(page: Page, model: &str, task: Task, notes: Result<Vec<String>, CallError>) {
    let said = match notes {
        Ok(notes) => {
            settle(page, model, task);
            news(&notes.join(" "))
        }
        Err(error) => failure(task, error),
    };
    ends(page, model, said);
}

fn failure(task: Task, error: CallError) -> Option<Said> {
    match error.message() {
        Some(text) => Some(Said { is_error: true, text }),
        None if task == Task::Load => news("Cancelled. The files that had arrived are kept."),
        None => news("Cancelled."),
    }
}

fn ends(page: Page, model: &str, said: Option<Said>) {
    let state = page.models;
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
