//! The palette in the address: kept current, obeyed when it changes.

use super::answers;
use super::link::fragment;
use super::table;
use crate::app::browser::events::on_window;
use crate::app::state::Page;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use palette_protocol::link;
use palette_tables::Palette;
use wasm_bindgen::JsValue;

/// How long the palette must rest before it is written, milliseconds; browsers limit how often an address may
/// change.
const REST: u32 = 250;

/// Reads the address now, obeys it when it changes, and writes it when the page changes.
pub fn follow(page: Page) {
    read(page);
    on_window("hashchange", move |_: &web_sys::Event| read(page));
    let pending = StoredValue::new_local(None::<Timeout>);
    Effect::new(move |_| {
        // Tracks everything that the fragment is made of.
        let _ = fragment(page, None);
        // The one before it is dropped, and with it cleared.
        pending.set_value(Some(Timeout::new(REST, move || write_now(page))));
    });
}

/// Writes the address without waiting.
pub fn write_now(page: Page) {
    // Before there is a sample set the palette is not complete; the address that was given must survive.
    if page.table.with_untracked(Option::is_none) {
        return;
    }
    let fragment = untrack(|| fragment(page, None));
    let changed = window().history().and_then(|history| {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{fragment}")))
    });
    // A browser that forbids it leaves the address as it was; Share still says it.
    let _ = changed;
}

fn read(page: Page) {
    let hash = window().location().hash().unwrap_or_default();
    let text = hash.trim_start_matches('#');
    if text.is_empty() {
        return;
    }
    let (state, problems) = link::read(text);
    batch(|| {
        page.view.set(state.view);
        page.pooling.set(state.pooling);
        if let Some(prompt) = state.prompt {
            let last = page.table.with_untracked(|table| {
                table.as_ref().map(|table| table.set.prompts.len().saturating_sub(1))
            });
            page.prompt.set(last.map_or(prompt, |last| prompt.min(last)));
        }
        if let Some(seed) = state.seed {
            page.answers.seed.set(seed);
        }
        if state.palette != Palette::default() {
            match page.table.get_untracked() {
                None => {
                    page.palette.set(state.palette);
                    page.palette_given.set_value(true);
                }
                Some(table) => {
                    let mut palette = table.usual_palette();
                    palette.targets.extend(state.palette.targets);
                    palette.extend_on_groups(state.palette.on_groups);
                    page.change(palette, None);
                }
            }
        }
    });
    if state.drawing.says_something() {
        answers::link::apply(page, state.drawing);
    }
    if let Some(name) = state.set {
        find_set(page, &name);
    }
    if !problems.is_empty() {
        page.notify_error(format!("Part of this link could not be read: {}", problems.join(" ")));
    }
}

/// Switches to the set that the link names, or says that it is not here.
fn find_set(page: Page, name: &str) {
    let current = page.table.get_untracked();
    if current.is_some_and(|table| table.set.name == name) {
        return;
    }
    let found =
        page.tables.with_untracked(|tables| tables.iter().find(|table| table.set.name == name).cloned());
    match found {
        Some(table) => {
            page.palette_given.set_value(true);
            table::switch_to(page, table);
        }
        None => page.notify_error(format!(
            "This link was made on the sample set \"{name}\", which a link cannot carry. Its palette is \
                shown on the set that is here; open that table in Data to compose on it."
        )),
    }
}
