//! A work as it is written down: everything but its tables and its answers.

use crate::app::state::Page;
use crate::app::state::answers::jobs::Job;
use crate::app::state::answers::plan::AlignPlan;
use crate::app::state::kept::{DiskFile, KeptFile};
use crate::app::state::table::Origin;
use leptos::prelude::*;
use palette_protocol::DrawConfig;
use palette_protocol::link::View;
use palette_protocol::stored::fingerprint_of_file;
use palette_study::Pooling;
use palette_tables::{Palette, Sampling, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Version of the record; one of another version is left alone.
pub(super) const VERSION: u32 = 1;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Work {
    pub version: u32,
    /// Milliseconds since 1970.
    pub saved_at: f64,
    pub view: View,
    pub palette: Palette,
    pub pooling: Option<Pooling>,
    pub prompt: Option<usize>,
    pub tables: Vec<TableEntry>,
    /// The number of the table in use; `None` for the built-in one.
    pub in_use: Option<u32>,
    /// What stands in the form.
    pub prompts: String,
    /// The groups of those that came with one, by prompt; earlier versions kept none.
    #[serde(default)]
    pub groups: BTreeMap<String, String>,
    pub sampling: Sampling,
    /// With which confidence the palette is to hold on new prompts.
    #[serde(default)]
    pub hold: Option<f64>,
    /// The confidence that stands in the form, asked for or not; earlier versions kept none.
    #[serde(default)]
    pub confidence: Option<f64>,
    #[serde(default)]
    pub calibrate: bool,
    /// Whether aligning uses λ as Compose shows it.
    #[serde(default)]
    pub as_composed: bool,
    pub job: Option<JobEntry>,
    /// Earlier versions kept none.
    #[serde(default)]
    pub files: Vec<FileEntry>,
}

impl Work {
    /// Whether there is more in it than an address carries.
    pub(super) fn is_worth_continuing(&self) -> bool {
        !self.tables.is_empty()
            || self.job.is_some()
            || !self.prompts.trim().is_empty()
            || !self.files.is_empty()
    }
}

/// A table of the work, kept apart under its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct TableEntry {
    pub number: u32,
    pub name: String,
    pub opened: bool,
    pub notes: Vec<String>,
    pub fingerprint: String,
}

/// A file from the person's disk, kept apart under its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FileEntry {
    pub number: u32,
    pub name: String,
    pub bytes: u64,
    /// A language model, else a head.
    pub is_model: bool,
    /// Of a head.
    pub fingerprint: Option<String>,
    /// Whether it is there, and not only meant to be.
    pub written: bool,
    /// Whether the next answers are drawn with it, else only the last ones were.
    pub in_form: bool,
}

/// The last job; its finished answers are kept apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct JobEntry {
    pub number: u32,
    pub aligns: bool,
    pub name: String,
    pub sampling: Sampling,
    pub prompts: Vec<String>,
    /// The group of each; earlier versions kept none.
    #[serde(default)]
    pub groups: Vec<String>,
    /// What an align job goes by; `None` of a job that does not align.
    #[serde(default)]
    pub plan: Option<AlignPlan>,
    pub values: Vec<Value>,
    pub generator: String,
    /// The number of the table made of its answers.
    pub made: Option<u32>,
    /// Whether it draws with files from the person's disk.
    pub own_files: bool,
    /// Their numbers; earlier versions kept none.
    #[serde(default)]
    pub files: Vec<u32>,
    /// Whether it was at work.
    #[serde(default)]
    pub running: bool,
}

/// The work as it is now; tracks all that it is made of.
pub(super) fn of(page: Page) -> Work {
    let numbers = page.kept.tables.get();
    let tables = page.tables.with(|tables| {
        tables
            .iter()
            .filter_map(|table| {
                let kept = numbers.get(&table.id)?;
                Some(TableEntry {
                    number: kept.number,
                    name: table.set.name.clone(),
                    opened: table.origin == Origin::Opened,
                    notes: table.notes.clone(),
                    // A table that is not written yet is not listed.
                    fingerprint: kept.fingerprint.clone()?,
                })
            })
            .collect()
    });
    page.kept.changed.track();
    let files = page.kept.files.get();
    let number_of = |file: DiskFile| files.iter().find(|kept| kept.file == file).map(|kept| kept.number);
    let running = page.answers.is_busy();
    let job = page.answers.task.with_value(|task| {
        task.as_ref().map(|task| JobEntry {
            number: page.kept.job.get_untracked(),
            aligns: task.job == Job::Align,
            name: task.name.clone(),
            sampling: task.sampling.clone(),
            prompts: task.prompts(),
            groups: task.groups(),
            plan: (task.job == Job::Align).then(|| task.plan.clone()),
            values: task.values.clone(),
            generator: task.generator.clone(),
            made: task.set_id.and_then(|id| numbers.get(&id)).map(|kept| kept.number),
            own_files: task.own_files,
            files: files_of(&task.config).filter_map(number_of).collect(),
            running,
        })
    });
    Work {
        version: VERSION,
        saved_at: js_sys::Date::now(),
        view: page.view.get(),
        palette: page.palette.get(),
        pooling: page.pooling.get(),
        prompt: page.prompt.get(),
        tables,
        in_use: page.table.with(|table| numbers.get(&table.as_ref()?.id).map(|kept| kept.number)),
        prompts: page.answers.prompts.get(),
        groups: page.answers.groups.with(|groups| {
            let prompts = page.answers.prompt_list().prompts;
            let known = |prompt: String| groups.get(&prompt).cloned().map(|group| (prompt, group));
            prompts.into_iter().filter_map(known).collect()
        }),
        sampling: page.answers.sampling(),
        hold: page.answers.choices.confidence_asked(),
        confidence: Some(page.answers.choices.confidence.get()),
        calibrate: page.answers.choices.calibrate.get(),
        as_composed: page.answers.choices.as_composed.get(),
        job,
        files: files.iter().map(|file| entry_of(page, file)).collect(),
    }
}

/// The files that are drawn with, the model first.
fn files_of(config: &DrawConfig) -> impl Iterator<Item = DiskFile> + use<> {
    let heads = config.heads.clone().into_iter().map(|head| DiskFile::Head(Arc::new(head)));
    config.own_model.clone().map(DiskFile::Model).into_iter().chain(heads)
}

fn entry_of(page: Page, kept: &KeptFile) -> FileEntry {
    let KeptFile { file, number, written } = kept;
    let (name, bytes, fingerprint, in_form) = match file {
        DiskFile::Head(file) => (
            &file.name,
            file.bytes.len() as u64,
            Some(fingerprint_of_file(&file.bytes)),
            page.answers.heads.with(|heads| heads.iter().any(|head| head.file == *file)),
        ),
        DiskFile::Model(model) => {
            (&model.name, model.bytes, None, page.answers.own_model.with(|own| own.as_ref() == Some(model)))
        }
    };
    let is_model = matches!(file, DiskFile::Model(_));
    FileEntry {
        number: *number,
        name: name.clone(),
        bytes,
        is_model,
        fingerprint,
        written: *written,
        in_form,
    }
}

/// Whether there is anything that the address does not carry.
pub(super) fn is_worth_keeping(page: Page) -> bool {
    page.tables.with_untracked(|tables| tables.iter().any(|table| table.origin != Origin::BuiltIn))
        || page.answers.prompts.with_untracked(|text| !text.trim().is_empty())
        || page.answers.rows.with_untracked(|rows| !rows.is_empty())
        || page.answers.heads.with_untracked(|heads| !heads.is_empty())
}
