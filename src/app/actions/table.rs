//! The sample sets of this session: fetching, adding and changing between them.

use crate::app::browser::fetch::fetch_text;
use crate::app::state::table::{Origin, Table};
use crate::app::state::{Given, Page};
use leptos::prelude::*;
use palette_protocol::link::{fitted, strangers};
use palette_tables::{Palette, SampleSet, Target};
use std::sync::Arc;

/// Fetches the built-in sample set, at the start and when the person asks to try again.
pub fn fetch_built_in(page: Page) {
    page.built_in_failure.set(None);
    leptos::task::spawn_local(async move {
        let read = match fetch_text("./sample-set.json").await {
            Ok(text) => {
                serde_json::from_str::<SampleSet>(&text).map_err(|error| format!("it is damaged ({error})"))
            }
            Err(reason) => Err(reason),
        };
        let added = read.and_then(|set| add(page, set, Origin::BuiltIn, Vec::new()));
        if let Err(reason) = added {
            page.built_in_failure.set(Some(format!(
                "The built-in sample set could not be loaded: {reason}. You can open your own table in Data."
            )));
        }
    });
}

/// An id that no set of this session has.
pub fn new_id(page: Page) -> usize {
    let id = page.last_table_id.get_value() + 1;
    page.last_table_id.set_value(id);
    id
}

/// Adds a set to the session and composes on it.
pub fn add(page: Page, set: SampleSet, origin: Origin, notes: Vec<String>) -> Result<(), String> {
    add_as(page, new_id(page), Arc::new(set), origin, notes)
}

/// Adds a set that has its id already: the solver holds it under that.
pub fn add_as(
    page: Page,
    id: usize,
    set: Arc<SampleSet>,
    origin: Origin,
    notes: Vec<String>,
) -> Result<(), String> {
    add_table(page, Arc::new(Table::new(id, origin, set, notes)?));
    Ok(())
}

/// Adds a table to the session, and composes on it unless that is the built-in one and another is in use.
pub fn add_table(page: Page, table: Arc<Table>) {
    let origin = table.origin;
    page.tables.update(|tables| tables.push(table.clone()));
    // A set opened while the built-in one was still on its way stays in use.
    let first = page.table.with_untracked(Option::is_none) && !page.kept.awaited.get_untracked();
    if origin != Origin::BuiltIn || first {
        switch_to(page, table);
    }
}

/// Adds a set to the session under a name that no other set has, composes on it, and gives it back.
pub fn add_named_apart(
    page: Page,
    mut set: SampleSet,
    origin: Origin,
    notes: Vec<String>,
) -> Result<Arc<Table>, String> {
    set.name = page
        .tables
        .with_untracked(|tables| named_apart(&set.name, tables.iter().map(|table| table.set.name.as_str())));
    add(page, set, origin, notes)?;
    page.tables
        .with_untracked(|tables| tables.last().cloned())
        .ok_or_else(|| "The sample set could not be added.".to_owned())
}

/// The built-in set, once it is here.
pub fn built_in(page: Page) -> Option<Arc<Table>> {
    page.tables.with_untracked(|all| all.iter().find(|table| table.origin == Origin::BuiltIn).cloned())
}

/// Composes on this set from now on.
pub fn switch_to(page: Page, table: Arc<Table>) {
    let given = page.palette_given.get_value();
    let fits = page.palette.with_untracked(|palette| {
        table.set.values.iter().any(|value| {
            palette
                .targets
                .get(&value.name)
                .is_some_and(|target| !matches!(*target, Target::Off | Target::MAINTAIN))
        })
    });
    batch(|| {
        page.solver.with_value(|solver| solver.use_set(table.key, table.set.clone()));
        page.show(None);
        page.failure.set(None);
        if given == Given::ByLink {
            apply_link(page, &table);
        } else if given == Given::Kept {
            page.palette.set(completed(page.palette.get_untracked(), &table));
        } else if !fits {
            page.palette.set(table.usual_palette());
            page.history.clear();
        }
        if given == Given::No {
            page.pooling.set(None);
            page.prompt.set(None);
        }
        page.palette_given.set_value(Given::No);
        page.table.set(Some(table));
    });
}

/// Completes the palette of a link by what this set starts with, and tells which of its targets no value here
/// has.
fn apply_link(page: Page, table: &Table) {
    let linked = linked(page, page.palette.get_untracked(), table);
    page.palette.set(linked);
}

/// A link's palette, completed by what the set starts with; tells which of its targets no value here has.
pub fn linked(page: Page, linked: Palette, table: &Table) -> Palette {
    let linked = fitted(linked, &table.set);
    let strangers = strangers(&linked, &table.set);
    if !strangers.is_empty() {
        page.notify_link(&strangers.join(" "));
    }
    completed(linked, table)
}

/// A palette with the usual targets for what it says nothing of.
fn completed(given: Palette, table: &Table) -> Palette {
    let mut palette = table.usual_palette();
    palette.targets.extend(given.targets);
    palette.extend_on_groups(given.on_groups);
    palette
}

/// `name`, or with a number after it where it is taken.
fn named_apart<'a>(name: &str, taken: impl Iterator<Item = &'a str>) -> String {
    let taken: Vec<&str> = taken.collect();
    let numbered = (2..).map(|n| format!("{name} ({n})"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| !taken.contains(&name.as_str()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        let taken = ["A", "A (2)", "B"];
        let apart = |name: &str| named_apart(name, taken.into_iter());
        assert_eq!([apart("A"), apart("B"), apart("C")], ["A (3)", "B (2)", "C"]);
    }
}
