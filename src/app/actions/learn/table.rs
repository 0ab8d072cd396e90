//! The table that a lesson offers.

use super::save;
use crate::app::state::Page;
use crate::app::state::table::{Origin, Table};
use gloo_file::File;
use leptos::prelude::*;
use palette_lessons::TableOffer;
use palette_protocol::calls::Import;
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// Saves it as a file.
pub fn download_table(page: Page, table: &TableOffer) {
    save(page, &table.file, &table.csv);
}

/// Composes on it: the importer reads it as it would read the file.
pub fn open_table(page: Page, table: &TableOffer) {
    let file = File::new_with_options(&table.file, table.csv.as_str(), Some("text/csv"), None);
    let call = Import {
        name: table.file.clone(),
        file: JsValue::from(AsRef::<web_sys::Blob>::as_ref(&file)),
        roles: Vec::new(),
        chosen: Vec::new(),
    };
    let size = table.csv.len() as f64;
    leptos::task::spawn_local(async move {
        let reading = page.importer.with_value(|importer| importer.read(call, size));
        let taken = match reading.await {
            Ok(_) => {
                let id = super::super::table::new_id(page);
                let taking = page.importer.with_value(|importer| importer.take(id));
                taking.await.map(|imported| (id, imported))
            }
            Err(error) => Err(error),
        };
        let made = taken
            .map_err(|error| error.message().unwrap_or_else(|| "Opening it was ended.".to_owned()))
            .and_then(|(id, imported)| Table::new(id, Origin::Opened, imported.set, imported.notes));
        match made {
            Ok(made) => {
                page.solver.with_value(|solver| {
                    solver.take_over(page.importer.with_value(|importer| importer.hand_over()));
                });
                super::super::table::add_table(page, Arc::new(made));
            }
            Err(reason) => page.notify_error(format!("The lesson's table was not opened. {reason}")),
        }
    });
}
