//! Opening tables from files: a file is read by a worker of its own, looked at, and then composed with or
//! left.

use super::{models, table};
use crate::app::format::megabytes;
use crate::app::state::Page;
use crate::app::state::table::{Origin, Table};
use futures_util::StreamExt;
use gloo_file::FileList;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use palette_protocol::calls::Import;
use palette_protocol::link::View;
use palette_tables::Target;
use palette_tables::import::Role;
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// Bytes beyond which a file is not even read: a tab has not the memory for it.
const LARGEST: u64 = 200_000_000;

/// Hears from now on what is in the way of reading.
pub fn follow(page: Page) {
    page.importer.with_value(|importer| importer.on_news(move |news| page.opening.news.set(news)));
}

/// Opens the first of the files, in Data.
pub fn open_files(page: Page, files: Option<web_sys::FileList>) {
    let Some(files) = files.map(FileList::from) else { return };
    let Some(file) = files.first().cloned() else { return };
    let name = file.name();
    if page.models.carried.is_meant(&name, file.size()) {
        page.view.set(View::Models);
        return models::carried::take(page, file);
    }
    if files.len() > 1 {
        page.notify(format!(
            "{} files were dropped; one table is opened at a time, and this is {name}.",
            files.len()
        ));
    }
    page.importer.with_value(|importer| importer.stop());
    page.view.set(View::Data);
    let (opening, bytes) = (page.opening, file.size());
    opening.is_about(Some(name.clone()), Some(file));
    opening.ask_for_attention();
    if bytes > LARGEST {
        is_refused(
            page,
            format!(
                "{name} has {}, and this page reads at most {}. Take a sample of its rows and open that.",
                megabytes(bytes),
                megabytes(LARGEST)
            ),
        );
    } else {
        read(page);
    }
}

/// Reads the file again, with another role for one column.
pub fn choose_role(page: Page, column: &str, role: Role) {
    page.opening.choose(column, role);
    read(page);
}

/// Ends the reading, or leaves what was read: the set in use stays.
pub fn leave(page: Page) {
    page.importer.with_value(|importer| importer.stop());
    page.opening.is_about(None, None);
}

fn read(page: Page) {
    let opening = page.opening;
    let Some(file) = opening.file.get_value() else { return };
    let number = opening.begins();
    batch(|| {
        opening.reading.set(Some(0.0));
        opening.refusal.set(None);
    });
    let call = Import {
        name: file.name(),
        file: JsValue::from(AsRef::<web_sys::Blob>::as_ref(&file)),
        roles: opening.roles.get_untracked(),
        chosen: untrack(|| asked_for(page)),
    };
    let mut reading = page.importer.with_value(|importer| importer.read(call, file.size() as f64));
    leptos::task::spawn_local(async move {
        while let Some(importing) = reading.progress().next().await {
            if opening.is_last(number) {
                opening.reading.set(Some(importing.share));
            }
        }
        let read = reading.await;
        // Another file was chosen meanwhile, or other roles.
        if !opening.is_last(number) {
            return;
        }
        match read {
            Ok(previewed) => {
                batch(|| {
                    opening.reading.set(None);
                    opening.preview.set(Some(Arc::new(previewed)));
                });
                tell_elsewhere(page, &format!("{} is read. Look at it in Data.", file.name()));
            }
            Err(error) => {
                let message = error.message().unwrap_or_else(|| "Reading it was ended.".to_owned());
                is_refused(page, message);
            }
        }
    });
}

/// The values that the palette has targets for.
fn asked_for(page: Page) -> Vec<String> {
    let palette = page.palette.get();
    let asked = |target: &Target| !matches!(*target, Target::Off | Target::MAINTAIN);
    palette.targets.into_iter().filter(|(_, target)| asked(target)).map(|(name, _)| name).collect()
}

/// Says why the file is not read, where the preview would be.
fn is_refused(page: Page, reason: String) {
    let name = page.opening.name.get_untracked().unwrap_or_default();
    batch(|| {
        page.opening.reading.set(None);
        page.opening.refusal.set(Some(reason));
    });
    tell_elsewhere(page, &format!("{name} was not read. Data says why."));
}

/// Tells who went on composing meanwhile.
fn tell_elsewhere(page: Page, news: &str) {
    if page.view.get_untracked() != View::Data {
        page.notify(news);
    }
}

/// Composes with the table that was looked at.
pub fn compose(page: Page) {
    let opening = page.opening;
    let ready = opening.reading.with_untracked(Option::is_none)
        && opening.refusal.with_untracked(Option::is_none)
        && opening.preview.with_untracked(Option::is_some);
    if !ready || opening.taking.get_untracked() {
        return;
    }
    opening.taking.set(true);
    let (number, set_id) = (opening.begins(), table::new_id(page));
    let taking = page.importer.with_value(|importer| importer.take(set_id));
    leptos::task::spawn_local(async move {
        let taken = taking.await;
        // Three pieces of work that are long for a large table; between them the browser can do something else.
        TimeoutFuture::new(0).await;
        let made = match taken {
            Ok(imported) => {
                Table::new(set_id, Origin::Opened, imported.set, imported.notes).map(Arc::new).map_err(Some)
            }
            Err(error) => Err(error.message()),
        };
        TimeoutFuture::new(0).await;
        if !opening.is_last(number) {
            return;
        }
        opening.taking.set(false);
        let added = made.map(|made| {
            let shown = made.set.name.clone();
            page.solver.with_value(|solver| {
                solver.take_over(page.importer.with_value(|importer| importer.hand_over()));
            });
            table::add_table(page, made);
            shown
        });
        match added {
            Ok(shown) => {
                opening.is_about(None, None);
                // A pupil who opened a lesson's table goes on with the lesson.
                let in_lesson = page.learn.open.with_untracked(Option::is_some);
                page.view.set(if in_lesson { View::Learn } else { View::Compose });
                page.notify(format!("Composing on “{shown}” now."));
            }
            Err(message) => {
                // What was read is gone with the attempt.
                opening.preview.set(None);
                is_refused(page, message.unwrap_or_else(|| "Opening it was ended.".to_owned()));
            }
        }
    });
}
