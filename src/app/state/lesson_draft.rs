//! The lesson that is being made: kept in this browser over a reload.

use crate::app::browser::local_storage;
use palette_lessons::{Lesson, Show, Start, Step};

const DRAFT: &str = "map-palette-lesson-draft";

/// The draft that was kept, else a beginning.
pub fn kept() -> Lesson {
    local_storage::get(DRAFT).unwrap_or_else(beginning)
}

/// Keeps it.
pub fn keep(lesson: &Lesson) {
    local_storage::set(DRAFT, lesson);
}

/// A lesson with one empty step.
pub fn beginning() -> Lesson {
    Lesson {
        lesson: 1,
        id: "my-lesson".to_owned(),
        title: "My lesson".to_owned(),
        minutes: 10,
        teaches: String::new(),
        start: Start::default(),
        show: Show::default(),
        steps: vec![Step { title: "First step".to_owned(), ..Step::default() }],
        learnt: Vec::new(),
    }
}
