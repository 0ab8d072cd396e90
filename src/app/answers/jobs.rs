//! Starting, following and ending jobs of the model worker.

use super::state::{AlignedShown, Job, Stored};
use crate::app::format::{count, drafts, list};
use crate::app::state::Page;
use crate::app::table::{Origin, Table};
use crate::client::{Ending, Event, usual_workers};
use crate::protocol::{Drawn, Equipment, PickRequest, Reply, Request, Sampling, Verdict};
use crate::table::{Answer, SampleSet, Value};
use leptos::prelude::*;
use std::sync::Arc;

/// Values that the page itself can measure on new answers.
const MEASURED: [&str; 7] = ["humor", "helpful", "harmless", "positive", "diverse", "coherent", "fluent"];

/// Why aligning is not possible now, in words; `None` when it is.
pub fn why_not_align(page: Page) -> Option<String> {
    let Some(table) = page.table.get() else { return Some("Align needs a palette, and the sample set is not here yet.".to_owned()) };
    let Some(outcome) = page.outcome.get().filter(|outcome| outcome.set_id == table.id) else {
        return Some("Align needs a solved palette; this one is not solved yet.".to_owned());
    };
    match outcome.solved.verdict {
        Verdict::Reachable => {}
        Verdict::Edge => return Some("The palette is on the edge, where λ has no bound. Lower a target in Compose first.".to_owned()),
        Verdict::Unreachable => {
            return Some("The palette is out of reach, so there are no weights to align with. Scale it back in Compose first.".to_owned());
        }
    }
    let strange: Vec<String> = lambda(page)
        .into_iter()
        .filter(|(name, lambda)| *lambda != 0.0 && !MEASURED.contains(&name.as_str()))
        .map(|(name, _)| name)
        .collect();
    (!strange.is_empty()).then(|| {
        format!(
            "Align must reward new answers itself, and it cannot measure {}. Compose on a set of the page's own values.",
            list(&strange, 4)
        )
    })
}

/// What should be known before aligning, in words.
pub fn warnings(page: Page) -> Vec<String> {
    let mut warnings = Vec::new();
    if why_not_align(page).is_some() {
        return warnings;
    }
    let (Some(outcome), Some(table)) = (page.outcome.get(), page.table.get()) else { return warnings };
    let k = page.answers.answers.get();
    // Choosing one of k answers can spend at most log k nats.
    if (k as f64) < outcome.solved.drafts - 1e-9 {
        warnings.push(format!(
            "This palette needs at least {} drafts per answer, and only {k} would be drawn: the targets will be missed. Draw more, or ask for less.",
            drafts(outcome.solved.drafts)
        ));
    }
    if table.origin == Origin::Opened {
        warnings.push(
            "This palette was solved on rewards from your file. Here the page measures the values of the same names in its own way and units, so its weights and targets may not mean the same."
                .to_owned(),
        );
    }
    let prompts = page.answers.prompt_list();
    let known = prompts.iter().filter(|prompt| table.set.prompts.iter().any(|other| other.trim() == prompt.as_str())).count();
    if known > 0 {
        warnings.push(format!(
            "{} of these {} also in the sample set that the palette was solved on, so they are not fresh: the levels may look better than on new ones.",
            count(known, "prompt"),
            if known == 1 { "is" } else { "are" }
        ));
    }
    warnings
}

/// λ of every value that has one, by name.
fn lambda(page: Page) -> Vec<(String, f64)> {
    let (Some(outcome), Some(table)) = (page.outcome.get(), page.table.get()) else { return Vec::new() };
    table
        .set
        .values
        .iter()
        .zip(&outcome.solved.values)
        .filter_map(|(value, solved)| solved.lambda.map(|lambda| (value.name.clone(), lambda)))
        .collect()
}

/// Starts a job, unless one runs or there is no prompt.
pub fn start(page: Page, job: Job) {
    let state = page.answers;
    if state.job.with_untracked(Option::is_some) {
        return;
    }
    let prompts = untrack(|| state.prompt_list());
    if prompts.is_empty() {
        state.outcome.set(Some("There is no prompt yet: type one, or use some of the prompts offered.".to_owned()));
        return;
    }
    let sampling = untrack(|| state.sampling());
    batch(|| {
        state.loading.set(None);
        state.drawing.set(None);
        state.outcome.set(None);
        state.made_set.set(false);
        state.aligned.set(None);
        state.job.set(Some(job));
    });
    // The targets are those of the palette as it is now, whatever is composed while the job runs.
    let asked = StoredValue::new(Asked {
        job,
        sampling: sampling.clone(),
        targets: untrack(|| targets(page)),
        lambda: untrack(|| lambda(page)),
        values: Vec::new(),
        drawn: vec![None; prompts.len()],
        prompts: prompts.clone(),
    });
    page.pool.with_value(|pool| {
        pool.start(crate::client::Job { prompts, sampling, equipment: Equipment::default() }, usual_workers(), move |event| {
            hear(page, event, asked)
        });
    });
}

/// Ends the running job.
pub fn cancel(page: Page) {
    page.pool.with_value(|pool| pool.cancel());
}

/// Asks once what model files this browser holds.
pub fn ask_stored(page: Page) {
    if page.answers.stored.get_untracked() == Stored::Unknown && page.answers.job.with_untracked(Option::is_none) {
        refresh_stored(page);
    }
}

/// Deletes the cached model files.
pub fn delete_stored(page: Page) {
    page.store.with_value(|store| {
        for model in ["language-model", "encoder"] {
            store.send(Request::Delete { model: model.to_owned() }, move |reply| {
                if let Reply::Failed { message } | Reply::Lost { message } = reply {
                    page.complain(message);
                }
                refresh_stored(page);
            });
        }
    });
}

fn refresh_stored(page: Page) {
    page.store.with_value(|store| {
        store.send(Request::Stored, move |reply| match reply {
            Reply::Stored(store) => {
                let bytes = store.models.iter().map(|model| model.stored_bytes).sum();
                page.answers
                    .stored
                    .set(Stored::Known { bytes, complete: store.models.iter().all(|model| model.stored_bytes == model.bytes) });
            }
            // Nothing depends on it: the line about the cache stays general.
            _ => page.answers.stored.set(Stored::Unknown),
        })
    });
}

/// By name, the lowest and the highest level that the palette allows each value.
type Bounds = Vec<(String, (Option<f64>, Option<f64>))>;

fn targets(page: Page) -> Bounds {
    let (Some(outcome), Some(table)) = (page.outcome.get(), page.table.get()) else { return Vec::new() };
    let bounds = |(i, name): (usize, &String)| (name.clone(), table.bounds(i, outcome.palette.target(name), outcome.pooling));
    table.set.values.iter().map(|value| &value.name).enumerate().map(bounds).collect()
}

/// What a job was started with, and what it has so far.
struct Asked {
    job: Job,
    prompts: Vec<String>,
    sampling: Sampling,
    targets: Bounds,
    lambda: Vec<(String, f64)>,
    values: Vec<Value>,
    drawn: Vec<Option<Drawn>>,
}

fn hear(page: Page, event: Event, asked: StoredValue<Asked>) {
    let state = page.answers;
    match event {
        Event::Loading(loading) => state.loading.set(Some(loading)),
        Event::Ready { prepared, .. } => asked.update_value(|asked| asked.values = prepared.values),
        Event::Drawing { prompt, drawing } => {
            let tally = page.pool.with_value(|pool| pool.tally());
            state.loading.set(None);
            state.drawing.set(Some((prompt, drawing, tally)));
        }
        Event::Drawn { prompt, drawn } => asked.update_value(|asked| asked.drawn[prompt] = Some(drawn)),
        Event::GivenBack { .. } => {}
        Event::Skipped { reason, .. } | Event::Note(reason) => page.complain(reason),
        Event::Ended(ending) => {
            batch(|| {
                state.job.set(None);
                state.loading.set(None);
                state.drawing.set(None);
            });
            match ending {
                Ending::Finished => asked.with_value(|asked| finish(page, asked)),
                Ending::Cancelled => state.outcome.set(Some("Cancelled.".to_owned())),
                Ending::Failed(message) => {
                    state.outcome.set(Some(format!("It did not work. {message}")));
                    page.complain(message);
                }
            }
            refresh_stored(page);
        }
    }
}

/// Makes a sample set of what was drawn.
fn finish(page: Page, asked: &Asked) {
    let state = page.answers;
    let mut set = SampleSet {
        name: "Generated answers".to_owned(),
        about: asked.sampling.about("SmolLM2-135M-Instruct"),
        values: asked.values.clone(),
        prompts: Vec::new(),
        answers: Vec::new(),
        prompt_weights: Vec::new(),
    };
    for (prompt, drawn) in asked.prompts.iter().zip(&asked.drawn) {
        let Some(drawn) = drawn else { continue };
        let g = set.prompts.len();
        set.prompts.push(prompt.clone());
        set.answers.extend(drawn.texts.iter().zip(&drawn.rewards).map(|(text, rewards)| Answer::new(g, text.clone(), rewards.clone())));
    }
    match asked.job {
        Job::Generate => {
            let made = format!("{} to {}", count(set.answers.len(), "answer"), count(set.prompts.len(), "prompt"));
            match page.add(set, Origin::Generated, Vec::new()) {
                Ok(()) => {
                    state.made_set.set(true);
                    state.outcome.set(Some(format!("Done: {made}. They are the sample set in use now.")));
                }
                Err(message) => state.outcome.set(Some(message)),
            }
        }
        Job::Align => {
            let targets = asked.targets.clone();
            let request = PickRequest { drafts: set, lambda: asked.lambda.clone(), seed: asked.sampling.seed };
            page.store.with_value(|store| store.send(Request::Pick(Box::new(request)), move |reply| picked(page, reply, &targets)));
        }
    }
}

fn picked(page: Page, reply: Reply, targets: &Bounds) {
    let state = page.answers;
    match reply {
        Reply::Aligned(aligned) => {
            let targets = aligned
                .drafts
                .values
                .iter()
                .map(|value| targets.iter().find(|(name, _)| *name == value.name).map_or((None, None), |(_, bounds)| *bounds))
                .collect();
            match Table::new(0, Origin::Generated, aligned.drafts.clone(), Vec::new()) {
                Ok(table) => {
                    state.outcome.set(Some(format!("Done: {} picked.", count(aligned.picked.len(), "answer"))));
                    state.aligned.set(Some(Arc::new(AlignedShown { aligned: *aligned, table: Arc::new(table), targets })));
                }
                Err(message) => state.outcome.set(Some(message)),
            }
        }
        Reply::Failed { message } | Reply::Lost { message } => {
            state.outcome.set(Some(format!("It did not work. {message}")));
            page.complain(message);
        }
        _ => {}
    }
}
