//! The finished answers of the last job, each kept as it comes, and had back.

use super::record::JobEntry;
use super::write::writing;
use crate::app::browser::kept::{self, Failure, Shelf};
use crate::app::format::count;
use crate::app::state::Page;
use crate::app::state::answers::jobs::{Job, Task};
use crate::app::state::answers::rows::Row;
use crate::app::state::kept::DiskFile;
use crate::app::state::table::{Origin, Table};
use leptos::prelude::*;
use palette_protocol::DrawConfig;
use palette_tables::Drawn;
use std::collections::BTreeMap;
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// Another job begins: the answers of the one before are kept no longer, as its table is.
pub fn begin_job(page: Page) {
    let before = page.kept.job.get_untracked();
    page.kept.job.set(before + 1);
    page.kept.touch();
    let work = page.kept.work.get_untracked();
    if work.is_empty() {
        return;
    }
    writing(page, async move {
        for (key, _) in kept::all(Shelf::Answers, &prefix(&work, before)).await? {
            kept::delete(Shelf::Answers, &key).await?;
        }
        Ok(())
    });
}

/// Keeps the answers to one prompt of the job, by its index.
pub fn keep_answers(page: Page, index: usize, drawn: &Drawn) {
    let work = page.kept.work.get_untracked();
    if work.is_empty() {
        return;
    }
    let key = format!("{}{index}", prefix(&work, page.kept.job.get_untracked()));
    let text = serde_json::to_string(drawn);
    writing(page, async move {
        let text = text.map_err(|_| Failure::Refused)?;
        kept::put(Shelf::Answers, &key, &JsValue::from_str(&text)).await
    });
}

fn prefix(work: &str, job: u32) -> String {
    format!("{work}/{job}/")
}

/// Puts the last job back as it was left, with `tables` and `files` by their numbers. Answers that are damaged are drawn
/// again; how many there are is told.
pub(super) async fn restore(
    page: Page,
    work: &str,
    entry: JobEntry,
    tables: &BTreeMap<u32, Arc<Table>>,
    files: &BTreeMap<u32, DiskFile>,
) {
    let prefix = prefix(work, entry.number);
    let texts = kept::all(Shelf::Answers, &prefix).await.unwrap_or_default();
    let state = page.answers;
    let group = |i: usize| entry.groups.get(i).map_or("", String::as_str);
    let rows: Vec<Row> =
        entry.prompts.iter().enumerate().map(|(i, prompt)| Row::new(i, prompt, group(i))).collect();
    let mut damaged = 0;
    for (key, text) in texts {
        let row = key.strip_prefix(&prefix).and_then(|index| rows.get(index.parse::<usize>().ok()?));
        let drawn = text.as_string().and_then(|text| serde_json::from_str::<Drawn>(&text).ok());
        match (row, drawn.filter(|drawn| is_whole(drawn, &entry))) {
            (Some(row), Some(drawn)) => row.has(drawn),
            _ => damaged += 1,
        }
    }
    if damaged > 0 {
        page.notify_error(format!(
            "Kept answers to {} are damaged and were left out. Continue draws them again.",
            count(damaged, "prompt")
        ));
    }
    let config = config_of(&entry, files);
    // A job that aligns and has no plan was kept by an earlier version of this page.
    let plan = entry.plan.filter(|_| entry.aligns);
    let task = Task {
        job: if entry.aligns { Job::Align } else { Job::Generate },
        name: entry.name,
        sampling: entry.sampling,
        own_files: entry.own_files,
        config: config.clone().unwrap_or_default(),
        plan: plan.clone().unwrap_or_default(),
        rows: rows.clone(),
        values: entry.values,
        generator: entry.generator,
        set_id: None,
    };
    let (done, all) = (task.done(), rows.len());
    page.kept.job.set(entry.number);
    if done == 0 && !(entry.running && config.is_some()) {
        return;
    }
    let said = if done == 0 {
        format!("It was interrupted before any of the {} was answered.", count(all, "prompt"))
    } else if done == all {
        format!("The answers to {} are kept from before.", count(all, "prompt"))
    } else if config.is_none() {
        format!(
            "It was interrupted: the answers to {done} of {} are kept. The model or the heads from your disk \
                are not, so it cannot go on.",
            count(all, "prompt")
        )
    } else {
        format!("It was interrupted: the answers to {done} of {} are kept.", count(all, "prompt"))
    };
    let made = match entry.made.and_then(|number| tables.get(&number)) {
        Some(table) => Some(table.clone()),
        None if entry.aligns || done == 0 => None,
        None => add_beside(page, &task),
    };
    batch(|| {
        state.rows.set(rows);
        state.settled.set(done);
        state.left.set(if config.is_none() { 0 } else { all - done });
        state.task.set_value(Some(Task { set_id: made.as_ref().map(|table| table.id), ..task.clone() }));
        state.made.set(made);
        state.outcome.set(Some(said));
    });
    if done == all && plan.is_some() {
        let said = "Kept from before:".to_owned();
        crate::app::actions::answers::align::pick(page, &task, said);
    }
}

/// What the job is drawn with; `None` where that is not here any more.
fn config_of(entry: &JobEntry, files: &BTreeMap<u32, DiskFile>) -> Option<DrawConfig> {
    let mut config = DrawConfig::default();
    if entry.own_files && entry.files.is_empty() {
        return None;
    }
    for number in &entry.files {
        match files.get(number)? {
            DiskFile::Head(head) => config.heads.push((**head).clone()),
            DiskFile::Model(model) => config.own_model = Some(model.clone()),
        }
    }
    Some(config)
}

/// The finished answers as a set of this session, beside the one in use.
fn add_beside(page: Page, task: &Task) -> Option<Arc<Table>> {
    let id = crate::app::actions::table::new_id(page);
    let table = Arc::new(Table::new(id, Origin::Generated, task.sample_set(), Vec::new()).ok()?);
    page.tables.update(|tables| tables.push(table.clone()));
    Some(table)
}

/// Whether these can be answers of the job.
fn is_whole(drawn: &Drawn, job: &JobEntry) -> bool {
    !drawn.texts.is_empty()
        && drawn.texts.len() <= job.sampling.answers
        && drawn.texts.len() == drawn.rewards.len()
        && drawn.rewards.iter().all(|rewards| {
            rewards.len() == job.values.len() && rewards.iter().all(|reward| reward.is_finite())
        })
}
