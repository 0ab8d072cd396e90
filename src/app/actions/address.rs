//! The palette in the address: kept current, obeyed when it changes. Views are entries of the browser's
//! history, moves of targets are not.

use super::answers;
use super::learn;
use super::link::fragment;
use super::{saved_sets, table};
use crate::app::browser::events::on_window;
use crate::app::state::{Given, Page};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use palette_protocol::link::{self, View, is_meant};
use palette_tables::Palette;
use wasm_bindgen::JsValue;

/// How long the palette must rest before it is written, milliseconds; browsers limit how often an address may
/// change.
const REST: u32 = 250;

/// Obeys the address when it changes, and writes it when the page changes.
pub fn follow(page: Page) {
    on_window("hashchange", move |_: &web_sys::Event| {
        // Going back to an entry that the page wrote is heard by the other listener.
        if entry().is_none() {
            read(page);
        }
    });
    on_window("popstate", move |_: &web_sys::Event| match entry() {
        // Within one palette's history only the view goes back.
        Some(link) if link == page.link_read.get_value() => page.view.set(view_in_address()),
        Some(_) => read(page),
        None => {}
    });
    let pending = StoredValue::new_local(None::<Timeout>);
    let view_before = StoredValue::new(None::<View>);
    Effect::new(move |_| {
        // Tracks everything that the fragment is made of.
        let _ = fragment(page, None);
        let view = page.view.get();
        if view_before.get_value().replace(view).is_some_and(|before| before != view) {
            // A view is an entry: it is not waited for, so that the next one does not take its place.
            pending.set_value(None);
            write_now(page);
        } else {
            // The one before it is dropped, and with it cleared.
            pending.set_value(Some(Timeout::new(REST, move || write_now(page))));
        }
        view_before.set_value(Some(view));
    });
}

/// Writes the address without waiting.
pub fn write_now(page: Page) {
    // Before there is a sample set the palette is not complete; the address that was given must survive.
    if page.table.with_untracked(Option::is_none) || page.kept.awaited.get_untracked() {
        return;
    }
    let fragment = untrack(|| fragment(page, None));
    // Another view is an entry of its own, behind that of the link.
    let moved = entry().is_some() && is_given() && view_in_address() != page.view.get_untracked();
    if moved {
        page.given_link.let_go();
    } else if page.given_link.stays(&fragment) {
        return;
    }
    let Ok(history) = window().history() else { return };
    let state = JsValue::from_f64(page.link_read.get_value());
    let address = format!("{}#{fragment}", window().location().pathname().unwrap_or_default());
    let changed = if moved {
        history.push_state_with_url(&state, "", Some(&address))
    } else {
        history.replace_state_with_url(&state, "", Some(&address))
    };
    // A browser that forbids it leaves the address as it was; Share still says it.
    let _ = changed;
}

/// The link that this entry of the history belongs to, if the page wrote it.
fn entry() -> Option<f64> {
    window().history().ok()?.state().ok()?.as_f64()
}

fn view_in_address() -> View {
    link::read(&given()).0.view
}

/// What the address says: after `#`, or after `?` where a link lost that sign.
fn given() -> String {
    let location = window().location();
    let hash = location.hash().unwrap_or_default();
    if !hash.trim_start_matches('#').is_empty() {
        return hash;
    }
    let search = location.search().unwrap_or_default();
    if link::read(&search).0 == link::LinkState::default() { String::new() } else { search }
}

/// Whether the address says anything.
pub fn is_given() -> bool {
    !given().is_empty()
}

/// Obeys the address.
pub fn read(page: Page) {
    // Every link that is read begins a history of its own.
    let number = entry().unwrap_or_else(js_sys::Date::now);
    page.link_read.set_value(number);
    if let Ok(history) = window().history() {
        // The address stays as it was given.
        let _ = history.replace_state(&JsValue::from_f64(number), "");
    }
    let text = given();
    let text = text.trim_start_matches(['#', '?']);
    page.given_link.let_go();
    if text.is_empty() {
        return;
    }
    let (state, problems) = link::read(text);
    if !problems.is_empty() {
        page.given_link.hold(text);
        page.notify_link(&format!("Part of this link could not be read: {}", problems.join(" ")));
    }
    learn::obey(page, &state);
    batch(|| {
        page.view.set(state.view);
        page.pooling.set(state.pooling);
        page.prompt.set(state.prompt);
        page.answers.choices.ask(state.hold);
        page.answers.choices.calibrate.set(state.calibrate);
        page.answers.choices.as_composed.set(state.as_composed);
        if let Some(words) = state.words {
            page.words.set(words);
        }
        if let Some(seed) = state.seed {
            page.answers.seed.set(seed);
        }
        if state.palette != Palette::default() {
            // Another set is on its way where one is named that is not in use.
            let here = page
                .table
                .get_untracked()
                .filter(|table| state.set.as_ref().is_none_or(|name| is_meant(name, &table.set.name)));
            match here {
                None => {
                    page.palette.set(state.palette);
                    page.palette_given.set_value(Given::ByLink);
                }
                Some(table) => page.change(table::linked(page, state.palette, &table), None),
            }
        }
    });
    if state.drawing.says_something() {
        answers::link::apply(page, state.drawing);
    }
    if let Some(name) = state.set {
        if page.kept.awaited.get_untracked() {
            page.kept.wanted.set_value(Some(name));
        } else {
            find_set(page, name);
        }
    }
}

/// Switches to the set that the link names, wherever it is kept, or says that it is not here.
pub fn find_set(page: Page, name: String) {
    let current = page.table.get_untracked();
    if current.is_some_and(|table| is_meant(&name, &table.set.name)) {
        return;
    }
    // Nothing else takes its place meanwhile.
    page.kept.awaited.set(true);
    let found = page.tables.with_untracked(|tables| {
        let exact = tables.iter().find(|table| table.set.name == name);
        exact.or_else(|| tables.iter().find(|table| is_meant(&name, &table.set.name))).cloned()
    });
    if let Some(table) = found {
        page.palette_given.set_value(Given::ByLink);
        page.kept.awaited.set(false);
        return table::switch_to(page, table);
    }
    leptos::task::spawn_local(async move {
        let opened = saved_sets::open_named(page, &name).await;
        page.kept.awaited.set(false);
        if opened {
            return;
        }
        page.given_link.hold(given().trim_start_matches(['#', '?']));
        page.notify_link(&format!(
            "This link was made on the sample set “{name}”, which a link cannot carry. Its palette is shown \
                on the set that is here; open that table in Data to compose on it."
        ));
        if let Some(table) = page.table.get_untracked().or_else(|| table::built_in(page)) {
            table::switch_to(page, table);
        }
    });
}
