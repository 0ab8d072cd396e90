//! Starting, following, pausing, ending and continuing jobs of the pool.

use super::align;
use crate::app::actions::kept;
use crate::app::actions::models::tasks;
use crate::app::actions::table;
use crate::app::format::count;
use crate::app::state::Page;
use crate::app::state::answers::jobs::{Job, Task, name_of};
use crate::app::state::answers::plan::AlignPlan;
use crate::app::state::answers::rows::{Row, RowState};
use crate::app::state::answers::{LoadingShown, estimate};
use crate::app::state::table::Origin;
use crate::client::{Ending, Event, Tally};
use leptos::prelude::*;
use palette_tables::MOST_PROMPTS;

/// Starts a job, unless one runs or there is no prompt.
pub fn start(page: Page, job: Job) {
    let state = page.answers;
    if untrack(|| state.is_busy()) {
        return;
    }
    let prompts = untrack(|| state.prompt_list()).prompts;
    if prompts.is_empty() {
        state
            .outcome
            .set(Some("There is no prompt yet: type one, or use some of the prompts offered.".to_owned()));
        return;
    }
    if prompts.len() > MOST_PROMPTS {
        state.outcome.set(Some(format!(
            "These are {}, and at most {MOST_PROMPTS} can be answered at a time. Take some out.",
            count(prompts.len(), "prompt")
        )));
        return;
    }
    let plan = match (job, untrack(|| align::plan(page))) {
        (Job::Generate, _) => AlignPlan::default(),
        (Job::Align, Ok(plan)) => plan,
        (Job::Align, Err(reason)) => {
            state.outcome.set(Some(reason));
            return;
        }
    };
    let sampling = untrack(|| state.sampling());
    let name = state.topics.with_value(|topics| name_of(&prompts, topics, sampling.seed));
    kept::begin_job(page);
    let rows: Vec<Row> =
        prompts.iter().enumerate().map(|(i, prompt)| Row::new(i, prompt, &state.group_of(prompt))).collect();
    // Of a few prompts one can be watched at once; of many the list shows a line each.
    rows[0].open.set(rows.len() <= 2);
    state.rows.set(rows.clone());
    let config = untrack(|| state.config());
    run(
        page,
        Task {
            job,
            name,
            sampling,
            own_files: config.own_model.is_some() || !config.heads.is_empty(),
            config,
            plan,
            rows,
            values: Vec::new(),
            generator: String::new(),
            set_id: None,
        },
    );
}

/// Draws the prompts that the last job left, as it would have.
pub fn go_on(page: Page) {
    let state = page.answers;
    if untrack(|| state.is_busy()) {
        return;
    }
    if let Some(task) = state.task.get_value() {
        run(page, task);
    }
}

fn run(page: Page, task: Task) {
    let state = page.answers;
    let left = task.left();
    let job = crate::client::Job {
        prompts: left.iter().map(|i| task.rows[*i].prompt.to_string()).collect(),
        sampling: task.sampling.clone(),
        config: task.config.clone(),
    };
    batch(|| {
        for i in &left {
            task.rows[*i].starts_anew(RowState::Waiting);
        }
        state.loading.set(None);
        state.outcome.set(None);
        state.made.set(None);
        state.aligned.set(None);
        state.compare.clear();
        state.left.set(0);
        state.ready.set(0);
        state.tally.set(Tally::default());
        state.settled.set(task.done());
        state.paused.set(false);
        state.job.set(Some(task.job));
    });
    state.task.set_value(Some(task));
    let workers = state.workers.get_untracked();
    // A clone: the pool may answer while it is being asked.
    let pool = page.pool.get_value();
    pool.start(job, workers, move |event| on_event(page, event, &left));
}

/// Lets the workers rest, or go on.
pub fn hold(page: Page, paused: bool) {
    page.answers.paused.set(paused);
    let pool = page.pool.get_value();
    if paused { pool.pause() } else { pool.resume() }
}

/// Ends the running job; what is finished is kept.
pub fn cancel(page: Page) {
    page.pool.get_value().cancel();
}

/// `left`: for each prompt of the pool's job, its row.
fn on_event(page: Page, event: Event, left: &[usize]) {
    let state = page.answers;
    let row =
        |prompt: usize| state.task.with_value(|task| task.as_ref()?.rows.get(*left.get(prompt)?).cloned());
    match event {
        Event::Loading(loading) => {
            let since = state.loading.with_untracked(|old| old.as_ref().map(|old| old.since));
            let since = since.unwrap_or_else(|| (js_sys::Date::now(), loading.bytes));
            state.loading.set(Some(LoadingShown { loading, since }));
        }
        Event::Ready { workers, prepared } => {
            // The values are known now by which the answers are kept.
            page.kept.touch();
            state.loading.set(None);
            state.ready.set(workers);
            state.task.update_value(|task| {
                if let Some(task) = task {
                    task.values = prepared.values;
                    task.generator = prepared.generator;
                }
            });
            for note in prepared.notes {
                page.notify(note);
            }
        }
        Event::Drawing { prompt, drawing } => {
            if let Some(row) = row(prompt) {
                row.draws(drawing);
            }
            state.tally.set(page.pool.get_value().tally());
        }
        Event::Drawn { prompt, drawn } => {
            if let Some(row) = row(prompt) {
                kept::keep_answers(page, row.index, &drawn);
                row.has(drawn);
            }
            state.settled.update(|n| *n += 1);
            state.tally.set(page.pool.get_value().tally());
        }
        Event::GivenBack { prompt } => {
            if let Some(row) = row(prompt) {
                row.starts_anew(RowState::GivenBack);
            }
        }
        Event::Skipped { prompt, reason } => {
            if let Some(row) = row(prompt) {
                row.starts_anew(RowState::Skipped(reason));
            }
            state.settled.update(|n| *n += 1);
        }
        Event::Note(note) => page.notify(note),
        Event::Ended(ending) => end(page, ending),
    }
}

fn end(page: Page, ending: Ending) {
    let state = page.answers;
    let Some(task) = state.task.get_value() else { return };
    let own = task.config.own_model.as_ref().map(|own| own.name.clone());
    estimate::keep(
        state.measured,
        own,
        state.ready.get_untracked(),
        task.sampling.answers,
        state.tally.get_untracked(),
    );
    let (done, all) = (task.done(), task.rows.len());
    batch(|| {
        state.job.set(None);
        state.paused.set(false);
        state.loading.set(None);
        for row in task.rows.iter().filter(|row| !row.is_done()) {
            if row.state.with_untracked(|state| !matches!(state, RowState::Skipped(_))) {
                row.starts_anew(RowState::Waiting);
            }
        }
        // With nothing kept there is nothing to join: Generate does the same.
        state.left.set(if done == 0 { 0 } else { all - done });
    });
    let kept = format!(
        "{done} of {}",
        if all == 1 { "1 prompt is kept.".to_owned() } else { format!("{all} prompts are kept.") }
    );
    match ending {
        Ending::Finished => {
            let skipped = task.skipped();
            let were = if skipped == 1 { "was" } else { "were" };
            let said = if skipped > 0 {
                format!(" {} {were} passed over; the list says why.", count(skipped, "prompt"))
            } else {
                String::new()
            };
            finish(page, task, "Done", &said);
        }
        Ending::Cancelled if done == 0 => {
            state.outcome.set(Some("Cancelled. Nothing was finished.".to_owned()));
        }
        Ending::Cancelled => finish(page, task, &format!("Cancelled: {kept}"), ""),
        Ending::Failed(message) => {
            let message = match &task.config.own_model {
                Some(own) => format!("Drawing with {} failed. {message}", own.name),
                None => message,
            };
            page.notify_error(message.clone());
            if done == 0 {
                state.outcome.set(Some(format!("It did not work. {message}")));
            } else {
                finish(page, task, &format!("It did not work to the end: {kept}"), "");
            }
        }
    }
    tasks::refresh(page);
}

/// Makes of the answers what the job is for. `said` and `more` go before and after what is said about them.
fn finish(page: Page, mut task: Task, said: &str, more: &str) {
    let state = page.answers;
    if task.job == Job::Align {
        return align::pick(page, &task, format!("{}{more}", if said == "Done" { "Done:" } else { said }));
    }
    let set = task.sample_set();
    let made = format!("{} to {}", count(set.answers.len(), "answer"), count(set.prompts.len(), "prompt"));
    // A set made of a part of the same answers gives way to the whole.
    if let Some(old) = task.set_id.take() {
        page.tables.update(|tables| tables.retain(|table| table.id != old));
    }
    match table::add_named_apart(page, set, Origin::Generated, Vec::new()) {
        Ok(table) => {
            let said = if said == "Done" { format!("Done: {made}.") } else { said.to_owned() };
            state.outcome.set(Some(format!("{said} They are the sample set in use now.{more}")));
            task.set_id = Some(table.id);
            state.made.set(Some(table));
        }
        Err(message) => state.outcome.set(Some(message)),
    }
    state.task.set_value(Some(task));
    page.kept.touch();
}
