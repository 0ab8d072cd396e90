//! Opening tables from files.

use super::table;
use crate::app::state::Page;
use crate::app::state::table::Origin;
use gloo_file::FileList;
use gloo_file::futures::read_as_text;
use leptos::prelude::*;
use palette_protocol::{Reply, Request};

/// Larger files are refused: reading them as text would take more memory than a tab has.
const LARGEST: u64 = 200_000_000;

/// Opens the first of the files.
pub fn open_files(page: Page, files: Option<web_sys::FileList>) {
    let Some(files) = files.map(FileList::from) else { return };
    let Some(file) = files.first().cloned() else { return };
    let name = file.name();
    if files.len() > 1 {
        page.notify(format!(
            "{} files were dropped; one table is opened at a time, and this is {name}.",
            files.len()
        ));
    }
    if file.size() > LARGEST {
        page.notify_error(format!(
            "{name} is larger than 200 MB, more than this page can read. Take a sample of \
            its rows and open that."
        ));
        return;
    }
    page.opening.set(true);
    leptos::task::spawn_local(async move {
        match read_as_text(&file).await {
            Ok(text) => import(page, name, text),
            Err(_) => {
                page.opening.set(false);
                page.notify_error(format!(
                    "{name} could not be read. It may have been moved, or it is a folder."
                ));
            }
        }
    });
}

/// Reads a file's text in the worker and composes on what it holds.
fn import(page: Page, name: String, text: String) {
    page.opening.set(true);
    page.solver_worker.with_value(|worker| {
        worker.send(Request::Import { name: name.clone(), text }, move |reply| {
            page.opening.set(false);
            match reply {
                Reply::Imported { set, notes } => {
                    let shown = set.name.clone();
                    match table::add(page, set, Origin::Opened, notes) {
                        Ok(()) => page.notify(format!("Composing on \"{shown}\" now.")),
                        Err(message) => page.notify_error(message),
                    }
                }
                Reply::Failed { message } | Reply::Lost { message } => {
                    page.notify_error(format!("{name} was not opened. {message}"))
                }
                _ => {}
            }
        });
    });
}
