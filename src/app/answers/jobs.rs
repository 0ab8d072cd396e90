//! Starting, following and ending jobs of the model worker.

use super::state::{AlignedShown, Job, Stored};
use crate::app::format::{count, drafts, list};
use crate::app::state::Page;
use crate::app::table::{Origin, Table};
use crate::protocol::{AlignRequest, GenerateRequest, Reply, Request, Verdict};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// Values that the page itself can measure on new answers.
const MEASURED: [&str; 7] = ["humor", "helpful", "harmless", "positive", "diverse", "coherent", "fluent"];
/// How long a worker may take to end a job before it is ended with it.
const PATIENCE: Duration = Duration::from_secs(4);

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
    let request = match job {
        Job::Generate => Request::Generate(GenerateRequest { prompts, sampling }),
        Job::Align => Request::Align(AlignRequest { prompts, sampling, lambda: untrack(|| lambda(page)) }),
    };
    batch(|| {
        state.cancelling.set(false);
        state.loading.set(None);
        state.generating.set(None);
        state.outcome.set(None);
        state.made_set.set(false);
        state.aligned.set(None);
    });
    // The targets are those of the palette as it is now, whatever is composed while the job runs.
    let targets = untrack(|| targets(page));
    let id = page.models.with_value(|models| models.send(request, move |reply| hear(page, reply, &targets)));
    // A worker that could not start has answered already.
    if page.models.with_value(|models| models.is_open(id)) {
        state.job.set(Some((job, id)));
    }
}

/// Ends the running job.
pub fn cancel(page: Page) {
    let state = page.answers;
    let Some((_, id)) = state.job.get_untracked() else { return };
    state.cancelling.set(true);
    page.models.with_value(|models| models.cancel(id));
    set_timeout(
        move || {
            if page.models.with_value(|models| models.is_open(id)) {
                page.models.with_value(|models| models.stop());
            }
        },
        PATIENCE,
    );
}

/// Asks once what model files this browser holds.
pub fn ask_stored(page: Page) {
    if page.answers.stored.get_untracked() == Stored::Unknown && page.answers.job.with_untracked(Option::is_none) {
        refresh_stored(page);
    }
}

/// Deletes the cached model files.
pub fn delete_stored(page: Page) {
    page.models.with_value(|models| {
        models.send(Request::DeleteStored, move |reply| {
            match reply {
                Reply::Failed { message } => page.complain(message),
                Reply::Done { notes } if !notes.is_empty() => page.say(notes.join(" ")),
                _ => page.say("The cached models are deleted."),
            }
            refresh_stored(page);
        })
    });
}

fn refresh_stored(page: Page) {
    page.models.with_value(|models| {
        models.send(Request::Stored, move |reply| match reply {
            Reply::Stored { bytes, complete } => page.answers.stored.set(Stored::Known { bytes, complete }),
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

fn hear(page: Page, reply: Reply, targets: &Bounds) {
    let state = page.answers;
    let is_final = reply.is_final();
    let end = |sentence: String| state.outcome.set(Some(sentence));
    match reply {
        Reply::Loading(loading) => state.loading.set(Some(loading)),
        Reply::Generating(generating) => {
            state.loading.set(None);
            state.generating.set(Some(generating));
        }
        Reply::Generated { set, seconds, tokens, notes } => {
            let made = format!("{} to {}", count(set.answers.len(), "answer"), count(set.prompts.len(), "prompt"));
            let speed = speed(tokens, seconds);
            match page.add(set, Origin::Generated, notes.clone()) {
                Ok(()) => {
                    state.made_set.set(true);
                    end(sentences(format!("Done: {made}, {speed}. They are the sample set in use now."), &notes));
                }
                Err(message) => end(message),
            }
        }
        Reply::Aligned(aligned) => {
            let speed = speed(aligned.tokens, aligned.seconds);
            let targets = aligned
                .drafts
                .values
                .iter()
                .map(|value| targets.iter().find(|(name, _)| *name == value.name).map_or((None, None), |(_, bounds)| *bounds))
                .collect();
            match Table::new(0, Origin::Generated, aligned.drafts.clone(), Vec::new()) {
                Ok(table) => {
                    end(format!("Done: {} picked, {speed}.", count(aligned.picked.len(), "answer")));
                    state.aligned.set(Some(Arc::new(AlignedShown { aligned: *aligned, table: Arc::new(table), targets })));
                }
                Err(message) => end(message),
            }
        }
        Reply::Cancelled => end("Cancelled. Nothing was changed.".to_owned()),
        Reply::Failed { message } => {
            end(format!("It did not work. {message}"));
            page.complain(message);
        }
        _ => {}
    }
    if is_final {
        batch(|| {
            state.job.set(None);
            state.cancelling.set(false);
            state.loading.set(None);
            state.generating.set(None);
        });
        refresh_stored(page);
    }
}

fn speed(tokens: usize, seconds: f64) -> String {
    if seconds > 0.0 {
        format!("{} in {seconds:.0} s ({:.0} tokens a second)", count(tokens, "token"), tokens as f64 / seconds)
    } else {
        count(tokens, "token")
    }
}

fn sentences(first: String, notes: &[String]) -> String {
    std::iter::once(first).chain(notes.iter().cloned()).collect::<Vec<_>>().join(" ")
}
