//! Links to the page.

use crate::app::browser::clipboard;
use crate::app::state::Page;
use crate::app::state::table::{Origin, Table};
use leptos::prelude::*;
use palette_protocol::link::{self, LinkState, View, Words};
use palette_tables::Palette;
use std::sync::Arc;

/// The fragment (without `#`) for the page as it is, or as it would be in another view.
pub fn fragment(page: Page, view: Option<View>) -> String {
    link::write(&state(page, view))
}

/// The state that a link to the page carries: as the page is, or as it would be in another view.
pub fn state(page: Page, view: Option<View>) -> LinkState {
    let table = page.table.get();
    let mut palette = page.palette.get();
    if let Some(table) = &table {
        let on_groups = table.known_on_groups(&palette);
        palette = Palette {
            on_groups,
            targets: table
                .set
                .values
                .iter()
                .map(|value| (value.name.clone(), palette.target(&value.name)))
                .collect(),
        };
    }
    let opening = table.as_ref().map_or(0, |table| table.opening_prompt());
    let shown = |table: &Arc<Table>| page.prompt_shown(table);
    let view = view.unwrap_or(page.view.get());
    LinkState {
        palette,
        pooling: page.pooling.get(),
        view,
        // A view's own link leads to the lesson that is open there.
        lesson: page.learn.asked.get().filter(|_| view == View::Learn),
        embed: page.learn.embed.get(),
        show: page.learn.linked.get(),
        theme: page.learn.wears.get(),
        prompt: table.as_ref().map(shown).filter(|prompt| *prompt != opening),
        seed: page.answers.seed_for_link(),
        hold: page.answers.choices.confidence_asked(),
        calibrate: page.answers.choices.calibrate.get(),
        as_composed: page.answers.choices.as_composed.get(),
        words: (page.words.get() != Words::default()).then(|| page.words.get()),
        set: table.filter(|table| table.origin != Origin::BuiltIn).map(|table| table.set.name.clone()),
        // Prompts are long: they are said only in a link that is asked for, or where they came from one.
        drawing: page.answers.drawing_for_link(),
    }
}

/// The address of the page as it is, whatever a link that was not understood has left in the bar.
pub fn address(page: Page) -> String {
    format!("{}#{}", page_address(), untrack(|| fragment(page, None)))
}

/// The address of the page without anything behind it.
pub fn page_address() -> String {
    let here = window().location().href().unwrap_or_default();
    here.split(['#', '?']).next().unwrap_or_default().to_owned()
}

/// Copies an address and says `done`; where the browser does not allow it, says the address instead.
pub fn copy(page: Page, address: String, done: &'static str) {
    leptos::task::spawn_local(async move {
        if clipboard::copy(&address).await {
            page.notify(done);
        } else {
            page.notify(format!(
                "This browser does not let the page copy. The address to share is: {address}"
            ));
        }
    });
}
