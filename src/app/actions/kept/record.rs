//! A work as it is written down: everything but its tables and its answers.

use crate::app::state::Page;
use crate::app::state::answers::jobs::Job;
use crate::app::state::answers::plan::AlignPlan;
use crate::app::state::table::Origin;
use leptos::prelude::*;
use palette_protocol::link::View;
use palette_study::Pooling;
use palette_tables::{Palette, Sampling, Value};
use serde::{Deserialize, Serialize};

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
    pub prompt: usize,
    pub tables: Vec<TableEntry>,
    /// The number of the table in use; `None` for the built-in one.
    pub in_use: Option<u32>,
    /// What stands in the form.
    pub prompts: String,
    pub sampling: Sampling,
    /// With which confidence the palette is to hold on new prompts.
    #[serde(default)]
    pub hold: Option<f64>,
    #[serde(default)]
    pub calibrate: bool,
    pub job: Option<JobEntry>,
}

impl Work {
    /// Whether there is more in it than an address carries.
    pub(super) fn is_worth_continuing(&self) -> bool {
        !self.tables.is_empty() || self.job.is_some() || !self.prompts.trim().is_empty()
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

/// The last job; its finished answers are kept apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct JobEntry {
    pub number: u32,
    pub aligns: bool,
    pub name: String,
    pub sampling: Sampling,
    pub prompts: Vec<String>,
    /// What an align job goes by; `None` of a job that does not align.
    #[serde(default)]
    pub plan: Option<AlignPlan>,
    pub values: Vec<Value>,
    pub generator: String,
    /// The number of the table made of its answers.
    pub made: Option<u32>,
    /// Whether it draws with files from the person's disk, which are not kept.
    pub own_files: bool,
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
    let job = page.answers.task.with_value(|task| {
        task.as_ref().map(|task| JobEntry {
            number: page.kept.job.get_untracked(),
            aligns: task.job == Job::Align,
            name: task.name.clone(),
            sampling: task.sampling.clone(),
            prompts: task.prompts(),
            plan: (task.job == Job::Align).then(|| task.plan.clone()),
            values: task.values.clone(),
            generator: task.generator.clone(),
            made: task.set_id.and_then(|id| numbers.get(&id)).map(|kept| kept.number),
            own_files: task.config.own_model.is_some() || !task.config.heads.is_empty(),
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
        sampling: page.answers.sampling(),
        hold: page.answers.choices.confidence_asked(),
        calibrate: page.answers.choices.calibrate.get(),
        job,
    }
}

/// Whether there is anything that the address does not carry.
pub(super) fn is_worth_keeping(page: Page) -> bool {
    page.tables.with_untracked(|tables| tables.iter().any(|table| table.origin != Origin::BuiltIn))
        || page.answers.prompts.with_untracked(|text| !text.trim().is_empty())
        || page.answers.rows.with_untracked(|rows| !rows.is_empty())
}
