//! A pupil's answer sheet: what was tried, as it was tried. Whether it is right is not taken from it.

use crate::text::TargetText;
use palette_study::Pooling;
use palette_tables::{GroupTarget, Palette};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the format.
pub(crate) const FORMAT: u32 = 1;
/// Answers to a task that are kept; of more, the first ones and the last.
const KEPT: usize = 40;
/// A longer file is no answer sheet, bytes.
const LONGEST: usize = 2_000_000;

/// What a pupil did in a lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Version of the format: 1.
    pub answer_sheet: u32,
    /// As the pupil wrote it; may be empty.
    #[serde(default)]
    pub name: String,
    /// Id of the lesson.
    pub lesson: String,
    /// [`crate::Lesson::version`] of the lesson that was done.
    pub version: String,
    pub tasks: Vec<TaskSheet>,
}

/// What a pupil did for a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskSheet {
    pub id: String,
    /// As the page saw it.
    pub done: bool,
    pub tries: u32,
    /// How long the step was open until it was done.
    pub seconds: f64,
    /// Hints that were asked for.
    #[serde(default)]
    pub hints: u32,
    /// In order; the last one counts.
    pub answers: Vec<Answer>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Palette(Asked),
    Number {
        number: f64,
        /// The palette in whose report the number was looked up.
        on: Asked,
    },
    /// Counted from 0.
    Choice(usize),
}

/// A palette as it was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Name of the sample set.
    pub set: String,
    pub pooling: Pooling,
    pub targets: BTreeMap<String, TargetText>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_groups: Vec<GroupTarget>,
}

impl Asked {
    /// A palette on the set of this name.
    pub fn of(set: &str, palette: &Palette, pooling: Pooling) -> Self {
        Asked {
            set: set.to_owned(),
            pooling,
            targets: palette
                .targets
                .iter()
                .map(|(name, target)| (name.clone(), TargetText(*target)))
                .collect(),
            on_groups: palette.on_groups.clone(),
        }
    }

    /// The palette.
    pub fn palette(&self) -> Palette {
        let mut palette = Palette {
            targets: self.targets.iter().map(|(name, TargetText(target))| (name.clone(), *target)).collect(),
            ..Palette::default()
        };
        palette.extend_on_groups(self.on_groups.clone());
        palette
    }
}

impl Sheet {
    /// A sheet on which nothing is written yet.
    pub fn empty(lesson: &str, version: &str) -> Self {
        Sheet {
            answer_sheet: FORMAT,
            name: String::new(),
            lesson: lesson.to_owned(),
            version: version.to_owned(),
            tasks: Vec::new(),
        }
    }

    /// Reads a sheet.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn read(text: &str) -> Result<Sheet, String> {
        if text.len() > LONGEST {
            return Err("It is too long for an answer sheet.".to_owned());
        }
        let text = text.trim_start_matches('\u{feff}');
        let is_sheet = serde_json::from_str::<serde_json::Value>(text)
            .map_err(|error| damaged(&error))?
            .get("answer_sheet")
            .is_some();
        if !is_sheet {
            return Err("It is no answer sheet.".to_owned());
        }
        let sheet: Sheet = serde_json::from_str(text).map_err(|error| damaged(&error))?;
        if sheet.answer_sheet != FORMAT {
            return Err(format!(
                "It is of format {}, and this program reads format {FORMAT}. Use a newer version.",
                sheet.answer_sheet
            ));
        }
        Ok(sheet)
    }

    /// The part on a task, made where there is none yet.
    pub fn task_mut(&mut self, id: &str) -> &mut TaskSheet {
        let at = self.tasks.iter().position(|task| task.id == id).unwrap_or_else(|| {
            self.tasks.push(TaskSheet { id: id.to_owned(), ..TaskSheet::default() });
            self.tasks.len() - 1
        });
        &mut self.tasks[at]
    }

    /// The part on a task.
    pub fn task(&self, id: &str) -> Option<&TaskSheet> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// As a file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }
}

fn damaged(error: &serde_json::Error) -> String {
    if error.is_eof() {
        "It is damaged: it ends in the middle. Ask for the file again.".to_owned()
    } else {
        format!("It is damaged: {error}.")
    }
}

impl TaskSheet {
    /// Writes an answer down.
    pub fn add(&mut self, answer: Answer, right: bool) {
        self.tries += 1;
        self.done |= right;
        if self.answers.len() >= KEPT {
            self.answers.pop();
        }
        self.answers.push(answer);
    }
}
