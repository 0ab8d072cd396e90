//! Lessons: fetching and opening them, beginning with their palette, checking what a pupil did.

mod class;
mod frame;
mod made;
mod table;

pub use class::{grade_files, save_csv};
pub use made::{open_file, packed, read_file};
pub use table::{download_table, open_table};

use crate::app::browser::download;
use crate::app::browser::fetch::fetch_text;
use crate::app::browser::theme::Theme;
use crate::app::state::Page;
use crate::app::state::learn::{OpenLesson, Place};
use leptos::prelude::*;
use palette_lessons::{Answer, Asked, Check, Facts, Lesson, Task, Tried, read_index, scorm};
use palette_protocol::link::{LinkState, View, Wears};
use std::sync::Arc;

const FOLDER: &str = "./lessons/en";

/// Opens whatever the address asks for, and tells a frame around the page how far one is.
pub fn follow(page: Page) {
    let learn = page.learn;
    Effect::new(move |_| {
        if page.view.get() != View::Learn {
            return;
        }
        if learn.index.with(Option::is_none) {
            fetch_index(page);
        }
        let asked = learn.asked.get();
        let open = learn.open.get_untracked();
        let is_open = open.as_ref().is_some_and(|open| open.name == asked);
        match asked {
            Some(name) if !is_open => leptos::task::spawn_local(fetch(page, name)),
            None if open.as_ref().is_some_and(|open| open.name.is_some()) => learn.open.set(None),
            _ => {}
        }
    });
    // The lesson begins once there is something to compose on.
    Effect::new(move |_| {
        let Some(open) = page.lesson_now() else { return };
        let ready = page.table.with(Option::is_some) && !page.kept.awaited.get();
        let begun = learn.begun.get_value().is_some_and(|begun| Arc::ptr_eq(&begun, &open));
        if ready && !begun {
            learn.begun.set_value(Some(open.clone()));
            if learn.palette_given.get_value() {
                learn.palette_given.set_value(false);
            } else {
                untrack(|| begin(page, &open.lesson));
            }
        }
    });
    Effect::new(move |before: Option<Option<Wears>>| {
        let wears = learn.wears.get();
        match wears {
            Some(wears) => worn(wears).put_on(),
            // What a link had the page wear goes with that link.
            None if before.flatten().is_some() => Theme::kept().put_on(),
            None => {}
        }
        page.repaint.update(|n| *n += 1);
        wears
    });
    frame::follow(page);
}

fn worn(wears: Wears) -> Theme {
    match wears {
        Wears::Auto => Theme::Auto,
        Wears::Light => Theme::Light,
        Wears::Dark => Theme::Dark,
        Wears::Projector => Theme::Projector,
    }
}

/// Obeys what a link says for teaching.
pub fn obey(page: Page, state: &LinkState) {
    let learn = page.learn;
    learn.palette_given.set_value(state.lesson.is_some() && !state.palette.targets.is_empty());
    learn.asked.set(state.lesson.clone());
    learn.linked.set(state.show.clone());
    learn.embed.set(state.embed);
    learn.wears.set(state.theme);
}

/// Fetches the list of lessons, at first and when the person asks to try again.
pub fn fetch_index(page: Page) {
    let index = page.learn.index;
    leptos::task::spawn_local(async move {
        let read = fetch_text(&format!("{FOLDER}/index.json")).await.and_then(|text| read_index(&text));
        index.set(Some(read));
    });
}

async fn fetch(page: Page, name: String) {
    let learn = page.learn;
    let read = match name.strip_prefix("z.") {
        Some(packed) => made::unpacked(packed).await,
        None => match file_of(page, &name).await {
            Ok(file) => fetch_lesson(&file).await,
            Err(reason) => Err(reason),
        },
    };
    // Something else may be asked for by now.
    if learn.asked.get_untracked().as_ref() != Some(&name) {
        return;
    }
    match read {
        Ok(lesson) => {
            let version = lesson.version();
            learn.opens(OpenLesson { lesson: Arc::new(lesson), version, name: Some(name) });
        }
        Err(reason) => batch(|| {
            learn.asked.set(None);
            page.notify_error(format!("{reason} The list of lessons is shown instead."));
        }),
    }
}

/// A built-in lesson. The error is a sentence.
pub(super) async fn fetch_lesson(file: &str) -> Result<Lesson, String> {
    let text = fetch_text(&format!("{FOLDER}/{file}"))
        .await
        .map_err(|reason| format!("The lesson could not be loaded: {reason}."))?;
    Lesson::read(&text)
}

/// The file of a built-in lesson. The error is a sentence.
async fn file_of(page: Page, id: &str) -> Result<String, String> {
    let index = page.learn.index;
    if !index.with_untracked(|index| matches!(index, Some(Ok(_)))) {
        let read = fetch_text(&format!("{FOLDER}/index.json")).await.and_then(|text| read_index(&text));
        index.set(Some(read));
    }
    index.with_untracked(|index| match index {
        Some(Ok(entries)) => (entries.iter().find(|entry| entry.id == id).map(|entry| entry.file.clone()))
            .ok_or_else(|| format!("There is no lesson called “{id}” here.")),
        Some(Err(reason)) => Err(format!("The lesson could not be loaded: {reason}.")),
        None => Err("The lesson could not be loaded.".to_owned()),
    })
}

/// Sets what the lesson starts with.
pub fn begin(page: Page, lesson: &Lesson) {
    let start = &lesson.start;
    let current = page.table.get_untracked();
    let meant = match &start.set {
        Some(name) => page.tables.with_untracked(|all| all.iter().find(|t| t.set.name == *name).cloned()),
        None => super::table::built_in(page),
    };
    if let (Some(name), None) = (&start.set, &meant) {
        page.notify_error(format!(
            "This lesson is about the sample set “{name}”, which is not here. Open that table in Data, then \
                open the lesson again."
        ));
    }
    let Some(table) = meant.or(current.clone()) else { return };
    if current.is_none_or(|current| current.id != table.id) {
        super::table::switch_to(page, table.clone());
    }
    batch(|| {
        page.pooling.set(start.pooling);
        page.prompt.set(start.prompt.map(|prompt| prompt.saturating_sub(1)));
        page.studies.plane_values.set(start.plane.clone());
        if start.plane.is_some() {
            page.studies.plane_open.set(true);
        }
        page.palette.set(start.palette_on(&table.set));
        page.clear_history();
    });
}

/// Opens a lesson of the list, or by what a link calls it.
pub fn open(page: Page, name: &str) {
    page.learn.palette_given.set_value(false);
    page.learn.asked.set(Some(name.to_owned()));
}

/// Back to the list.
pub fn leave(page: Page) {
    let learn = page.learn;
    let open = learn.open.get_untracked();
    let preview = open.as_ref().is_some_and(|open| open.name.is_none());
    if let Some(open) = open.filter(|_| preview) {
        learn.sheets.update(|sheets| drop(sheets.remove(&open.lesson.id)));
    }
    batch(|| {
        learn.asked.set(None);
        learn.open.set(None);
        learn.place.set(if preview { Place::Make } else { Place::List });
    });
}

/// Checks what is composed now against a task.
pub fn check_palette(page: Page, task: &Task) {
    let Check::Palette(check) = &task.check else { return };
    with_facts(page, task, |facts| {
        (Answer::Palette(Asked::of(&facts.set.name, facts.palette, facts.pooling)), check.check(facts))
    });
}

/// Checks a number against the report of what is composed now.
pub fn check_number(page: Page, task: &Task, number: f64) {
    let Check::Number(check) = &task.check else { return };
    with_facts(page, task, |facts| {
        let on = Asked::of(&facts.set.name, facts.palette, facts.pooling);
        (Answer::Number { number, on }, check.check(number, facts))
    });
}

/// Checks an option of a choice.
pub fn check_choice(page: Page, task: &Task, option: usize) {
    let Check::Choice(choice) = &task.check else { return };
    page.learn.answers(&task.id, Answer::Choice(option), choice.check(option));
}

fn with_facts(page: Page, task: &Task, look: impl FnOnce(&Facts) -> (Answer, Tried)) {
    let table = page.table.get_untracked();
    let outcome = page.outcome.get_untracked();
    let (Some(table), Some(outcome), false) = (table, outcome, page.solving.get_untracked()) else {
        return page.notify("The palette is still being worked out. Check again in a moment.");
    };
    let facts = Facts {
        set: &table.set,
        palette: &outcome.palette,
        pooling: outcome.pooling,
        report: &outcome.report,
    };
    let (answer, tried) = look(&facts);
    page.learn.answers(&task.id, answer, tried);
}

/// Shows one more hint.
pub fn hint(page: Page, task: &Task) {
    let learn = page.learn;
    let most = task.hints.len();
    learn.hints.update(|hints| {
        let shown = hints.entry(task.id.clone()).or_default();
        *shown = (*shown + 1).min(most);
    });
    let shown = learn.hints.with_untracked(|hints| hints.get(&task.id).copied().unwrap_or(0)) as u32;
    learn.write(|sheet| {
        let task = sheet.task_mut(&task.id);
        if !task.done {
            task.hints = task.hints.max(shown);
        }
    });
}

/// Saves the answer sheet as a file.
pub fn save_sheet(page: Page) {
    let Some(sheet) = untrack(|| page.learn.sheet()) else { return };
    let safe = |text: &str| -> String {
        let dashed: String =
            text.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(40).collect();
        dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
    };
    let who = safe(&sheet.name);
    let name = if who.is_empty() {
        format!("{}-answers.json", sheet.lesson)
    } else {
        format!("{}-{who}.json", sheet.lesson)
    };
    save(page, &name, &sheet.text());
}

/// Saves a lesson as a file.
pub fn save_lesson(page: Page, lesson: &Lesson) {
    save(page, &format!("{}.json", lesson.id), &lesson.text());
}

/// Saves a lesson as a package for learning platforms that shows the page at `address`.
pub fn save_package(page: Page, id: &str, title: &str, address: &str) {
    let name = format!("{id}-scorm.zip");
    match scorm::package(id, title, address, &[]) {
        Ok(bytes) if download::save_bytes(&name, &bytes) => {}
        Ok(_) => page.notify_error(format!("This browser did not let the page save {name}.")),
        Err(problem) => page.notify_error(problem),
    }
}

pub(super) fn save(page: Page, name: &str, text: &str) {
    if !download::save(name, text) {
        page.notify_error(format!("This browser did not let the page save {name}."));
    }
}
