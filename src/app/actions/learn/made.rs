//! Lessons that somebody made: out of a file, out of a link, and into one.

use crate::app::browser::deflate;
use crate::app::state::Page;
use crate::app::state::learn::OpenLesson;
use gloo_file::File;
use gloo_file::futures::read_as_text;
use leptos::prelude::*;
use palette_lessons::{Lesson, decode, encode};
use std::sync::Arc;

/// A larger file is no lesson, bytes.
const LARGEST: u64 = 1_000_000;

/// What a link calls a lesson that it carries itself; `None` where this browser cannot pack it.
pub async fn packed(lesson: &Lesson) -> Option<String> {
    let text = serde_json::to_string(lesson).ok()?;
    Some(format!("z.{}", encode(&deflate::pack(text.as_bytes()).await?)))
}

/// The lesson in a link. The error is a sentence.
pub(super) async fn unpacked(packed: &str) -> Result<Lesson, String> {
    let damaged = || {
        "The lesson in this link is damaged, perhaps because the link was cut, or this browser is too old to \
            unpack it."
            .to_owned()
    };
    let bytes = deflate::unpack(&decode(packed).ok_or_else(damaged)?).await.ok_or_else(damaged)?;
    Lesson::read(&String::from_utf8(bytes).map_err(|_| damaged())?)
}

/// Reads a lesson out of a file. The error is a sentence.
pub async fn read_file(file: &File) -> Result<Lesson, String> {
    if file.size() > LARGEST {
        return Err(format!("{} is too large for a lesson.", file.name()));
    }
    let text = read_as_text(file).await.map_err(|_| format!("{} could not be read.", file.name()))?;
    Lesson::read(&text).map_err(|problem| format!("{}: {problem}", file.name()))
}

/// Opens the lesson in a file, as a pupil does it.
pub fn open_file(page: Page, file: File) {
    leptos::task::spawn_local(async move {
        match read_file(&file).await {
            Ok(lesson) => {
                let lesson = Arc::new(lesson);
                page.learn.opened.update(|all| {
                    all.retain(|known| known.id != lesson.id);
                    all.push(lesson.clone());
                });
                // The address carries it where it can, so that a reload finds it again.
                match packed(&lesson).await {
                    Some(name) => {
                        let version = lesson.version();
                        page.learn.opens(OpenLesson { lesson, version, name: Some(name.clone()) });
                        page.learn.asked.set(Some(name));
                    }
                    None => page.notify_error(
                        "This browser is too old to open lessons from files. Please use a current one.",
                    ),
                }
            }
            Err(problem) => page.notify_error(problem),
        }
    });
}
