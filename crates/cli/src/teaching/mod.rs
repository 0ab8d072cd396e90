//! Teaching by the command: the answers of a class, and packages for learning platforms.

pub(crate) mod grade;
pub(crate) mod scorm;

use crate::numeric::BadInput;
use palette_lessons::{Lesson, built_in};
use std::path::Path;
use std::sync::Arc;

/// Reads a lesson's file.
fn lesson_file(path: &Path) -> Result<Lesson, BadInput> {
    let (name, bytes) = crate::numeric::input::read(path)?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{name} is no text, so it is no lesson."))?;
    Lesson::read(&text).map_err(|problem| BadInput(format!("{name}: {problem}")))
}

/// The built-in lessons, each unless one of the same id was given.
fn with_built_in(given: Vec<Lesson>) -> Result<Vec<Arc<Lesson>>, BadInput> {
    let mut lessons: Vec<Arc<Lesson>> = given.into_iter().map(Arc::new).collect();
    for lesson in built_in::lessons()? {
        if lessons.iter().all(|known| known.id != lesson.id) {
            lessons.push(lesson);
        }
    }
    Ok(lessons)
}
