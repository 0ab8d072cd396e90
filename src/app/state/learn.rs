//! The view Learn: the lesson that is open, where in it the pupil is, and what was answered.

use super::Page;
use crate::app::browser::local_storage;
use crate::client::clock;
use leptos::prelude::*;
use palette_lessons::{Answer, Class, Entry, Lesson, Part, Sheet, Tried};
use palette_protocol::link::{Shown, View};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where answers are kept in this browser.
const SHEETS: &str = "map-palette-answers";

/// What of Learn is shown while no lesson is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    List,
    /// Answers of a class.
    Class,
    /// Make a lesson.
    Make,
}

/// A lesson that is open.
#[derive(Clone, Debug)]
pub struct OpenLesson {
    pub lesson: Arc<Lesson>,
    pub version: String,
    /// What the address calls it; `None` for a preview.
    pub name: Option<String>,
}

/// The state of Learn. Copies share it.
#[derive(Clone, Copy)]
pub struct LearnState {
    /// The list of lessons, or why it is not there (a clause).
    pub index: RwSignal<Option<Result<Vec<Entry>, String>>>,
    pub place: RwSignal<Place>,
    /// What the address calls the lesson that is to be open.
    pub asked: RwSignal<Option<String>>,
    pub open: RwSignal<Option<Arc<OpenLesson>>>,
    /// Why a lesson could not be opened, in a sentence.
    pub failure: RwSignal<Option<String>>,
    /// The step that is shown; as many as there are: the end.
    pub step: RwSignal<usize>,
    /// What the last answer to each task came to.
    pub tried: RwSignal<BTreeMap<String, Tried>>,
    /// Hints that are shown of each task.
    pub hints: RwSignal<BTreeMap<String, usize>>,
    /// By the ids of lessons.
    pub sheets: RwSignal<BTreeMap<String, Sheet>>,
    /// When the step began to be shown, milliseconds.
    since: StoredValue<f64>,
    /// The lesson whose palette has been set.
    pub begun: StoredValue<Option<Arc<OpenLesson>>>,
    /// The palette came with the address: a lesson that begins leaves it.
    pub palette_given: StoredValue<bool>,
    /// What a link shows of Compose.
    pub linked: RwSignal<Option<Shown>>,
    /// Without head and foot.
    pub embed: RwSignal<bool>,
    /// What a link has the page wear.
    pub wears: RwSignal<Option<palette_protocol::link::Wears>>,
    /// The lesson that is being made, as its file.
    pub draft: RwSignal<Arc<Lesson>>,
    /// Lessons that were opened as files, for grading.
    pub opened: RwSignal<Vec<Arc<Lesson>>>,
    /// The answers of a class, or why there are none; while they are worked out, how many sheets.
    pub class: RwSignal<Option<Result<Arc<Class>, String>>>,
    pub grading: RwSignal<Option<usize>>,
}

impl LearnState {
    pub fn new() -> Self {
        LearnState {
            index: RwSignal::new(None),
            place: RwSignal::new(Place::List),
            asked: RwSignal::new(None),
            open: RwSignal::new(None),
            failure: RwSignal::new(None),
            step: RwSignal::new(0),
            tried: RwSignal::new(BTreeMap::new()),
            hints: RwSignal::new(BTreeMap::new()),
            sheets: RwSignal::new(local_storage::get(SHEETS).unwrap_or_default()),
            since: StoredValue::new(0.0),
            begun: StoredValue::new(None),
            palette_given: StoredValue::new(false),
            linked: RwSignal::new(None),
            embed: RwSignal::new(false),
            wears: RwSignal::new(None),
            draft: RwSignal::new(Arc::new(super::lesson_draft::kept())),
            opened: RwSignal::new(Vec::new()),
            class: RwSignal::new(None),
            grading: RwSignal::new(None),
        }
    }

    /// Shows this lesson from its first step.
    pub fn opens(self, lesson: OpenLesson) {
        let known = self.sheets.with_untracked(|sheets| {
            sheets.get(&lesson.lesson.id).is_some_and(|sheet| sheet.version == lesson.version)
        });
        if !known {
            // Answers to another version say nothing about this one.
            let sheet = Sheet::empty(&lesson.lesson.id, &lesson.version);
            self.sheets.update(|sheets| drop(sheets.insert(lesson.lesson.id.clone(), sheet)));
        }
        batch(|| {
            self.failure.set(None);
            self.tried.set(BTreeMap::new());
            self.hints.set(BTreeMap::new());
            self.step.set(0);
            self.open.set(Some(Arc::new(lesson)));
        });
        self.since.set_value(clock::milliseconds());
    }

    pub fn goes_to(self, step: usize) {
        self.count_seconds();
        self.step.set(step);
    }

    /// The sheet of the lesson that is open.
    pub fn sheet(self) -> Option<Sheet> {
        let open = self.open.get()?;
        self.sheets.with(|sheets| sheets.get(&open.lesson.id).cloned())
    }

    /// Changes the sheet of the lesson that is open, and keeps it in this browser.
    pub fn write(self, change: impl FnOnce(&mut Sheet)) {
        let Some(open) = self.open.get_untracked() else { return };
        self.sheets.update(|sheets| {
            if let Some(sheet) = sheets.get_mut(&open.lesson.id) {
                change(sheet);
            }
        });
        // A preview's answers are nobody's.
        if open.name.is_some() {
            self.sheets.with_untracked(|sheets| local_storage::set(SHEETS, sheets));
        }
    }

    /// Writes an answer down, unless the task is done already.
    pub fn answers(self, task: &str, answer: Answer, tried: Tried) {
        self.count_seconds();
        let right = tried.right;
        self.write(|sheet| {
            let task = sheet.task_mut(task);
            if !task.done {
                task.add(answer, right);
            }
        });
        self.tried.update(|all| drop(all.insert(task.to_owned(), tried)));
    }

    /// The time since the step is shown goes to its task, until that is done.
    fn count_seconds(self) {
        let now = clock::milliseconds();
        let seconds = ((now - self.since.get_value()) / 1000.0).clamp(0.0, 3600.0);
        self.since.set_value(now);
        let Some(open) = self.open.get_untracked() else { return };
        let step = open.lesson.steps.get(self.step.get_untracked());
        let Some(task) = step.and_then(|step| step.task.as_ref()) else { return };
        self.write(|sheet| {
            let task = sheet.task_mut(&task.id);
            if !task.done {
                task.seconds = ((task.seconds + seconds) * 10.0).round() / 10.0;
            }
        });
    }

    /// Whether a task of the lesson that is open is done.
    pub fn is_done(self, task: &str) -> bool {
        let Some(open) = self.open.get() else { return false };
        self.sheets.with(|sheets| {
            sheets.get(&open.lesson.id).and_then(|sheet| sheet.task(task)).is_some_and(|task| task.done)
        })
    }
}

impl Page {
    /// The lesson that stands beside Compose now.
    pub fn lesson_now(self) -> Option<Arc<OpenLesson>> {
        (self.view.get() == View::Learn).then(|| self.learn.open.get()).flatten()
    }

    /// Whether a part of Compose is shown: a lesson or a link may leave it out.
    pub fn shows(self, part: Part) -> bool {
        match self.lesson_now() {
            Some(open) => open.lesson.show.has(part),
            None => {
                self.learn.linked.with(|shown| shown.as_ref().is_none_or(|shown| shown.parts.contains(&part)))
            }
        }
    }

    /// Whether nothing of Compose is left out.
    pub fn shows_all(self) -> bool {
        self.lesson_now().is_none() && self.learn.linked.with(Option::is_none)
    }

    /// Whether a value has a lane. Values that the lesson names and this set has not leave all in sight.
    pub fn shows_lane(self, name: &str, set: &palette_tables::SampleSet) -> bool {
        let among = |names: &[String]| {
            let known = names.iter().any(|name| set.value_index(name).is_some());
            !known || names.iter().any(|known| known == name)
        };
        match self.lesson_now() {
            Some(open) => among(&open.lesson.show.lanes),
            None => self.learn.linked.with(|shown| shown.as_ref().is_none_or(|shown| among(&shown.lanes))),
        }
    }

    /// Whether a value's target cannot be moved now.
    pub fn is_locked(self, name: &str) -> bool {
        self.lesson_now().is_some_and(|open| open.lesson.show.is_locked(name))
    }
}
