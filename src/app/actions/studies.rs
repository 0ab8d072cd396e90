//! Finding out about the palette on show once it rests: one thing after another, and forgotten when the
//! palette changes.

use super::solving;
use crate::app::browser::clock;
use crate::app::state::studies::{Studies, Study, forget};
use crate::app::state::{Outcome, Page};
use leptos::prelude::*;
use palette_protocol::{EasedRepair, Question, Repair, Reply, Request, Verdict};
use std::sync::Arc;
use std::time::Duration;

const RESAMPLES: usize = 200;
const FOLDS: usize = 2;
const SEED: u64 = 1;
const ROUNDS: usize = 12;
/// How long to wait before the worker is asked again when it was busy, milliseconds.
const AGAIN: f64 = 400.0;

/// Looks for something to ask whenever an outcome came or something was opened.
pub fn follow(page: Page) {
    let studies = page.studies;
    Effect::new(move |_| {
        page.outcome.track();
        page.solving.track();
        studies.drafts_open.track();
        studies.sequences_open.track();
        studies.k.track();
        look(page);
    });
}

/// The nearest palette for at most `nats`: `None` when the one on show costs no more. Says whether it was
/// asked for.
pub fn within_budget(
    page: Page,
    nats: f64,
    told: impl Fn(Arc<Outcome>, Result<Option<EasedRepair>, String>) + 'static,
) -> bool {
    let Some(outcome) = page.outcome.get_untracked().filter(|_| !page.solving.get_untracked()) else {
        return false;
    };
    let asked = Request::Repairs { question: question(&outcome), budget: Some(nats) };
    solving::study(page, outcome.set_id, asked, move |reply| {
        let on_show = page.outcome.get_untracked().is_some_and(|now| Arc::ptr_eq(&now, &outcome));
        match reply {
            Reply::Repairs(repairs) if on_show => {
                let found = repairs.into_iter().find(|repair| matches!(repair.how, Repair::Budget(_)));
                told(outcome.clone(), Ok(found));
            }
            Reply::Failed { message } | Reply::Lost { message } => told(outcome.clone(), Err(message)),
            _ => told(outcome.clone(), Err("The palette has changed meanwhile. Try again.".to_owned())),
        }
    })
}

/// What is wanted most of what is not there yet.
fn wanted(studies: Studies, outcome: &Outcome) -> Option<Study> {
    let reachable = outcome.report.verdict == Verdict::Reachable;
    let missing = [
        (Study::Repairs, !reachable && studies.repairs.with_untracked(Option::is_none)),
        (
            Study::Drafts,
            studies.drafts_open.get_untracked() && studies.drafts.with_untracked(Option::is_none),
        ),
        (
            Study::Sequences,
            reachable
                && studies.sequences_open.get_untracked()
                && studies.sequences.with_untracked(Option::is_none),
        ),
        (Study::Trust, reachable && studies.trust.with_untracked(Option::is_none)),
    ];
    missing.into_iter().find(|(_, missing)| *missing).map(|(study, _)| study)
}

fn look(page: Page) {
    let studies = page.studies;
    look_in(page, None);
    if page.solving.get_untracked() {
        return;
    }
    let Some(outcome) = page.outcome.get_untracked() else { return };
    let Some(study) = wanted(studies, &outcome) else { return };
    let at_work = studies.in_flight.with_value(|in_flight| in_flight.at_work.map(|(_, study)| study));
    // Resampling takes long: it gives way and starts anew later.
    if at_work.is_some_and(|at_work| at_work != Study::Trust || study == Study::Trust) {
        return;
    }
    let left =
        study.rest() - (clock::milliseconds() - studies.in_flight.with_value(|in_flight| in_flight.since));
    if left > 0.0 {
        look_in(page, Some(left));
        return;
    }
    let about = question(&outcome);
    let request = match study {
        Study::Repairs => Request::Repairs { question: about, budget: None },
        Study::Drafts => Request::Drafts { question: about, k: studies.k.get_untracked(), seed: SEED },
        Study::Sequences => Request::Sequential { question: about, rounds: ROUNDS },
        Study::Trust => Request::Trust { question: about, resamples: RESAMPLES, folds: FOLDS, seed: SEED },
    };
    let ticket = studies.in_flight.with_value(|in_flight| in_flight.last_ticket) + 1;
    studies.in_flight.update_value(|in_flight| {
        in_flight.last_ticket = ticket;
        in_flight.at_work = Some((ticket, study));
    });
    if !solving::study(page, outcome.set_id, request, move |reply| on_reply(page, ticket, reply)) {
        studies.in_flight.update_value(|in_flight| in_flight.at_work = None);
        look_in(page, Some(AGAIN));
    }
}

/// Looks again in so many milliseconds, and not before; `None`: not at all.
fn look_in(page: Page, wait: Option<f64>) {
    if let Some(timer) = page.studies.in_flight.try_update_value(|in_flight| in_flight.timer.take()).flatten()
    {
        timer.clear();
    }
    if let Some(wait) = wait {
        let wait = Duration::from_millis(wait.ceil().max(1.0) as u64);
        let timer = set_timeout_with_handle(move || look(page), wait).ok();
        page.studies.in_flight.update_value(|in_flight| in_flight.timer = timer);
    }
}

fn on_reply(page: Page, ticket: u32, reply: Reply) {
    let studies = page.studies;
    let Some((_, study)) =
        studies.in_flight.with_value(|in_flight| in_flight.at_work.filter(|(at_work, _)| *at_work == ticket))
    else {
        return;
    };
    if let Reply::Trusting { done, total } = reply {
        // In tens: faster than that nobody reads.
        let shown = Some((done - done % 10, total));
        if studies.resampled.get_untracked() != shown {
            studies.resampled.set(shown);
        }
        return;
    }
    studies.in_flight.update_value(|in_flight| in_flight.at_work = None);
    forget(studies.resampled);
    match (study, reply) {
        (_, Reply::Cancelled) => {
            look_in(page, Some(AGAIN));
            return;
        }
        (Study::Repairs, Reply::Repairs(repairs)) => studies.repairs.set(Some(Ok(repairs))),
        (Study::Drafts, Reply::Drafted(drafted)) => studies.drafts.set(Some(Ok(*drafted))),
        (Study::Sequences, Reply::Sequences(sequences)) => studies.sequences.set(Some(Ok(*sequences))),
        (Study::Trust, Reply::Trusted(trust)) => studies.trust.set(Some(Ok(*trust))),
        (study, reply) => {
            let message = match reply {
                Reply::Failed { message } | Reply::Lost { message } => message,
                _ => "The worker answered something else.".to_owned(),
            };
            match study {
                Study::Repairs => studies.repairs.set(Some(Err(message))),
                Study::Drafts => studies.drafts.set(Some(Err(message))),
                Study::Sequences => studies.sequences.set(Some(Err(message))),
                Study::Trust => studies.trust.set(Some(Err(message))),
            }
        }
    }
    look(page);
}

fn question(outcome: &Outcome) -> Question {
    Question { palette: outcome.palette.clone(), pooling: outcome.pooling }
}
