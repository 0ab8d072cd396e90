//! The files from the person's disk that answers are drawn with, reward heads and a language model, kept and
//! had back. What comes back passes the same readers as what is chosen.

use super::record::FileEntry;
use super::write::{key, writing};
use crate::app::actions::answers::{heads, own_model};
use crate::app::browser::kept::{self, Failure, Shelf};
use crate::app::browser::storage::{self, Room};
use crate::app::format::gigabytes;
use crate::app::state::Page;
use crate::app::state::kept::{DiskFile, KeptFile};
use gloo_file::Blob;
use js_sys::Uint8Array;
use leptos::prelude::*;
use palette_protocol::stored::fingerprint_of_file;
use palette_protocol::{HeadFile, OwnModel};
use std::collections::BTreeMap;
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};

/// Bytes that are left free beside a model: answers and tables must find room.
const SPARE: f64 = 100e6;

/// Keeps from now on what the form and the last job draw with, and nothing else.
pub(super) fn follow(page: Page) {
    Effect::new(move |_| {
        page.kept.changed.track();
        let (heads, model) = (page.answers.heads.get(), page.answers.own_model.get());
        let task = page.answers.task.with_value(|task| task.as_ref().map(|task| task.config.clone()));
        if page.kept.work.with(String::is_empty) {
            return;
        }
        let task = task.unwrap_or_default();
        let mut wanted: Vec<DiskFile> = heads.into_iter().map(|head| DiskFile::Head(head.file)).collect();
        wanted.extend(task.heads.into_iter().map(|head| DiskFile::Head(Arc::new(head))));
        wanted.extend(model.into_iter().chain(task.own_model).map(DiskFile::Model));
        keep(page, wanted);
    });
}

fn keep(page: Page, wanted: Vec<DiskFile>) {
    let known = page.kept.files.get_untracked();
    for gone in known.iter().filter(|known| !wanted.contains(&known.file)) {
        page.kept.files.update(|files| files.retain(|file| file.number != gone.number));
        let key = key(&page.kept.work.get_untracked(), gone.number);
        writing(page, async move { kept::delete(Shelf::Files, &key).await });
    }
    for file in wanted {
        if page.kept.files.with_untracked(|files| files.iter().any(|known| known.file == file)) {
            continue;
        }
        let number = page.kept.new_number();
        page.kept.files.update(|files| files.push(KeptFile { file: file.clone(), number, written: false }));
        match file {
            DiskFile::Head(head) => {
                let content = Uint8Array::from(head.bytes.as_slice());
                writing(page, async move { put(page, number, &content).await });
            }
            DiskFile::Model(model) => leptos::task::spawn_local(keep_model(page, number, model)),
        }
    }
}

/// The person still has a model that could not be kept, so that is told and is no failure.
async fn keep_model(page: Page, number: u32, model: OwnModel) {
    let has_room = match storage::room().await {
        Room::Known { used, allowed } => used + model.bytes as f64 + SPARE <= allowed,
        Room::Untold | Room::Asking => true,
    };
    let put = if has_room { put(page, number, model.file.as_js()).await } else { Err(Failure::NoRoom) };
    let why = match put {
        Ok(()) => return,
        Err(Failure::NoRoom) => {
            format!("This browser has no room for its {}", gigabytes(model.bytes as f64))
        }
        Err(Failure::Refused) => "This browser does not let the page keep it".to_owned(),
    };
    page.notify(format!(
        "“{}” was not kept for the next visit. {why}: open it again after a reload.",
        model.name
    ));
}

/// The browser copies a file without the page's reading it.
async fn put(page: Page, number: u32, content: &JsValue) -> Result<(), Failure> {
    let key = key(&page.kept.work.get_untracked(), number);
    kept::put(Shelf::Files, &key, content).await?;
    let wanted = page.kept.files.try_update(|files| {
        let file = files.iter_mut().find(|file| file.number == number)?;
        file.written = true;
        Some(())
    });
    // It was put away while it was written.
    if wanted.flatten().is_none() {
        kept::delete(Shelf::Files, &key).await?;
    }
    Ok(())
}

/// Brings the files of a work back, by their numbers, and puts those of the form there.
pub(super) async fn restore(page: Page, work: &str, entries: &[FileEntry]) -> BTreeMap<u32, DiskFile> {
    let mut files = BTreeMap::new();
    for entry in entries {
        if !entry.written {
            page.notify(format!(
                "“{}” from your disk was not kept in this browser: open it again.",
                entry.name
            ));
            continue;
        }
        let key = key(work, entry.number);
        match bring(page, &key, entry).await {
            Ok(file) => {
                let kept = KeptFile { file: file.clone(), number: entry.number, written: true };
                page.kept.files.update(|all| all.push(kept));
                files.insert(entry.number, file);
            }
            Err(reason) => {
                page.notify_error(format!(
                    "“{}”, kept from before, was not opened. {reason} Open the file again.",
                    entry.name
                ));
                // What cannot be deleted now goes with the whole work.
                let _ = kept::delete(Shelf::Files, &key).await;
            }
        }
    }
    files
}

async fn bring(page: Page, key: &str, entry: &FileEntry) -> Result<DiskFile, String> {
    let damaged = || "It is not what was kept under this name.".to_owned();
    let stored = kept::get(Shelf::Files, key).await.map_err(|failure| failure.words().to_owned())?;
    let stored = stored
        .ok_or_else(|| "It is not in this browser any more; the browser may have made space.".to_owned())?;
    if entry.is_model {
        let blob: web_sys::Blob = stored.dyn_into().map_err(|_| damaged())?;
        if blob.size() != entry.bytes as f64 {
            return Err(damaged());
        }
        let model = own_model::admit(entry.name.clone(), &Blob::from(blob)).await?;
        if entry.in_form {
            own_model::draw_with(page, model.clone());
        }
        return Ok(DiskFile::Model(model));
    }
    let bytes = stored.dyn_ref::<Uint8Array>().ok_or_else(damaged)?.to_vec();
    if entry.fingerprint != Some(fingerprint_of_file(&bytes)) {
        return Err(damaged());
    }
    let head = heads::read(page, HeadFile { name: entry.name.clone(), bytes }).await?;
    let file = head.file.clone();
    if entry.in_form {
        heads::add(page, head);
    }
    Ok(DiskFile::Head(file))
}
