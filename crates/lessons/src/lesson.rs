//! A lesson as its file says it.

use crate::check::Check;
use crate::part::Part;
use crate::text::TargetText;
use palette_study::Pooling;
use palette_tables::import::{ImportOptions, import};
use palette_tables::{Palette, SampleSet, Target};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the format.
pub(crate) const FORMAT: u32 = 1;
/// A longer file is no lesson, bytes.
const LONGEST: usize = 300_000;

/// A lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// Version of the format: 1.
    pub lesson: u32,
    /// Small letters, digits and hyphens: what links and answer sheets call it.
    pub id: String,
    pub title: String,
    /// How long it takes.
    pub minutes: u32,
    /// What it teaches, in a sentence.
    pub teaches: String,
    #[serde(default)]
    pub start: Start,
    #[serde(default)]
    pub show: Show,
    pub steps: Vec<Step>,
    /// What was learnt, sentence by sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub learnt: Vec<String>,
}

/// What is composed when the lesson begins.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Name of the sample set; without it the built-in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
    /// Targets by the names of values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub palette: BTreeMap<String, TargetText>,
    /// The target of every value that `palette` does not name; without it they are maintained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<TargetText>,
    /// The prompt whose answers are shown, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<usize>,
    /// The two values of the plane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plane: Option<[String; 2]>,
}

/// What of Compose is shown beside the lesson.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// Without them all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// The values that have a lane; without them all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lanes: Vec<String>,
    /// The values whose target is shown and cannot be moved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locked: Vec<String>,
}

/// A step: some text, and perhaps a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub title: String,
    /// Paragraphs, with the emphasis of [`crate::prose`].
    pub text: Vec<String>,
    /// A table that the step offers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<TableOffer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
}

/// A small table for download, or to be opened by a button.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableOffer {
    /// Name of the file, with its ending.
    pub file: String,
    pub csv: String,
}

/// Something to do that the page checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Within the lesson: small letters, digits and hyphens.
    pub id: String,
    pub ask: String,
    pub check: Check,
    /// Told one after another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
    /// Said when it is done.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub done: String,
}

impl Show {
    /// Whether a part is shown.
    pub fn has(&self, part: Part) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }

    /// Whether a value has a lane.
    pub fn has_lane(&self, value: &str) -> bool {
        self.lanes.is_empty() || self.lanes.iter().any(|name| name == value)
    }

    /// Whether a value's target stays as it is.
    pub fn is_locked(&self, value: &str) -> bool {
        self.locked.iter().any(|name| name == value)
    }
}

impl Start {
    /// The palette on `set`.
    pub fn palette_on(&self, set: &SampleSet) -> Palette {
        let others = self.others.map_or(Target::MAINTAIN, |TargetText(target)| target);
        let target = |name: &str| self.palette.get(name).map_or(others, |TargetText(target)| *target);
        Palette {
            targets: set.values.iter().map(|value| (value.name.clone(), target(&value.name))).collect(),
            ..Palette::default()
        }
    }
}

impl TableOffer {
    /// The table as a sample set, read as an opened file is.
    ///
    /// # Errors
    /// A sentence when it is no reward table.
    pub fn set(&self) -> Result<SampleSet, String> {
        import(&self.file, self.csv.as_bytes(), &ImportOptions::default(), &mut |_| {})
            .map(|imported| imported.set)
            .map_err(|error| error.0)
    }
}

impl Lesson {
    /// Reads a lesson.
    ///
    /// # Errors
    /// A sentence that says what is wrong and where.
    pub fn read(text: &str) -> Result<Lesson, String> {
        if text.len() > LONGEST {
            return Err(format!(
                "This is no lesson: it has {} kB, and a lesson at most 300.",
                text.len() / 1000
            ));
        }
        let lesson: Lesson = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| format!("This is no lesson that can be read: {error}."))?;
        match lesson.problem() {
            None => Ok(lesson),
            Some(problem) => Err(problem),
        }
    }

    /// What is wrong with it, in a sentence.
    pub fn problem(&self) -> Option<String> {
        if self.lesson != FORMAT {
            return Some(format!(
                "The lesson is of format {}, and this program reads format {FORMAT}. Open it with a newer version.",
                self.lesson
            ));
        }
        if !is_id(&self.id) {
            return Some(format!(
                "“{}” cannot be a lesson's id: it must be small letters, digits and hyphens, such as my-lesson.",
                self.id
            ));
        }
        if self.title.trim().is_empty() || self.title.chars().count() > 120 {
            return Some("The lesson needs a title of at most 120 characters.".to_owned());
        }
        if !(1..=600).contains(&self.minutes) {
            return Some("The lesson's minutes must be from 1 to 600.".to_owned());
        }
        if self.steps.is_empty() || self.steps.len() > 40 {
            return Some("A lesson has 1 to 40 steps.".to_owned());
        }
        let mut ids: Vec<&str> = Vec::new();
        for (number, step) in (1..).zip(&self.steps) {
            if step.title.trim().is_empty() {
                return Some(format!("Step {number} has no title."));
            }
            let Some(task) = &step.task else { continue };
            if !is_id(&task.id) || ids.contains(&task.id.as_str()) {
                return Some(format!(
                    "The task of step {number} needs an id of its own, of small letters, digits and hyphens; “{}” is none.",
                    task.id
                ));
            }
            ids.push(&task.id);
            if task.ask.trim().is_empty() {
                return Some(format!("The task of step {number} does not say what to do."));
            }
            if let Some(problem) = task.check.problem() {
                return Some(format!("The task of step {number} cannot be checked. {problem}"));
            }
        }
        None
    }

    /// Its tasks in order.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.steps.iter().filter_map(|step| step.task.as_ref())
    }

    /// The table that it offers, if it does.
    pub fn table(&self) -> Option<&TableOffer> {
        self.steps.iter().find_map(|step| step.table.as_ref())
    }

    /// As a file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }

    /// Names exactly this text: sixteen digits that change with every word of the lesson.
    pub fn version(&self) -> String {
        // FNV-1a; it tells versions apart and withstands nobody's will.
        let text = serde_json::to_string(self).unwrap_or_default();
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        format!("{hash:016x}")
    }
}

/// Whether a text can be the id of a lesson or a task.
pub(crate) fn is_id(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=60).contains(&text.len()) && text.chars().all(plain)
}
