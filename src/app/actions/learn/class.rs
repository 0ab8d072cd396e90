//! The answers of a class: the worker solves every palette of every sheet again.

use super::{fetch_lesson, save};
use crate::app::state::Page;
use crate::app::state::table::Table;
use gloo_file::File;
use gloo_file::futures::read_as_text;
use leptos::prelude::*;
use palette_lessons::{Class, Lesson, SheetFile, read_index};
use palette_protocol::calls::Grade;
use std::sync::Arc;

/// A larger file is no answer sheet, bytes.
const LARGEST: u64 = 2_000_000;

/// Grades these files; a lesson among them is one to grade by.
pub fn grade_files(page: Page, files: Vec<File>) {
    let learn = page.learn;
    if files.is_empty() {
        return;
    }
    learn.grading.set(Some(files.len()));
    leptos::task::spawn_local(async move {
        let graded = graded(page, files).await;
        batch(|| {
            learn.grading.set(None);
            learn.class.set(Some(graded.map(Arc::new)));
        });
    });
}

async fn graded(page: Page, files: Vec<File>) -> Result<Class, String> {
    let table: Arc<Table> = super::super::table::built_in(page).ok_or(
        "The built-in sample set is not there yet, and answers are held against it. Try again soon.",
    )?;
    let mut sheets = Vec::new();
    let mut unread = Vec::new();
    for file in files {
        let text = if file.size() > LARGEST { None } else { read_as_text(&file).await.ok() };
        match text {
            None => unread
                .push((file.name(), "It is too large for an answer sheet, or cannot be read.".to_owned())),
            Some(text) => match Lesson::read(&text) {
                Ok(lesson) => page.learn.opened.update(|all| {
                    all.retain(|known| known.id != lesson.id);
                    all.push(Arc::new(lesson));
                }),
                Err(_) => sheets.push(SheetFile { file: file.name(), text }),
            },
        }
    }
    let mut lessons: Vec<String> =
        page.learn.opened.with_untracked(|all| all.iter().map(|lesson| lesson.text()).collect());
    let own: Vec<String> =
        page.learn.opened.with_untracked(|all| all.iter().map(|lesson| lesson.id.clone()).collect());
    let index = crate::app::browser::fetch::fetch_text("./lessons/en/index.json").await;
    let index = index
        .and_then(|text| read_index(&text))
        .map_err(|reason| format!("The lessons could not be loaded: {reason}. Try again later."))?;
    for entry in index.iter().filter(|entry| !own.contains(&entry.id)) {
        lessons.push(fetch_lesson(&entry.file).await?.text());
    }
    let call = Grade { set: table.set.clone(), lessons, sheets };
    let pending = page.store.with_value(|store| store.call(call));
    let mut class = pending.await.map_err(|error| {
        error.message().unwrap_or_else(|| "Grading was ended. Open the sheets again.".to_owned())
    })?;
    class.left_out.extend(unread);
    Ok(class)
}

/// Saves the table for the grade book.
pub fn save_csv(page: Page, class: &Class) {
    save(page, "class.csv", &class.csv());
}
