//! Opening tables from files.

use super::table;
use crate::app::state::Page;
use crate::app::state::table::Origin;
use gloo_file::FileList;
use js_sys::JsString;
use leptos::prelude::*;
use palette_protocol::calls::Import;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

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
        let outcome = match JsFuture::from(AsRef::<web_sys::Blob>::as_ref(&file).text())
            .await
            .map(JsCast::dyn_into::<JsString>)
        {
            Ok(Ok(text)) => import(page, &name, text).await,
            _ => Err(format!("{name} could not be read. It may have been moved, or it is a folder.")),
        };
        page.opening.set(false);
        match outcome {
            Ok(shown) => page.notify(format!("Composing on \"{shown}\" now.")),
            Err(message) => page.notify_error(message),
        }
    });
}

/// Has a file's text read by the worker that will solve on it, and composes on what it holds; gives its name.
async fn import(page: Page, name: &str, text: JsString) -> Result<String, String> {
    let set_id = table::new_id(page);
    let call = Import { set_id, name: name.to_owned(), text };
    let imported = page.solver.with_value(|solver| solver.import(call)).await.map_err(|error| {
        let message = error.message().unwrap_or("It was cancelled.".to_owned());
        format!("{name} was not opened. {message}")
    })?;
    let shown = imported.set.name.clone();
    table::add_as(page, set_id, imported.set, Origin::Opened, imported.notes)?;
    Ok(shown)
}
