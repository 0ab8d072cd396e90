//! What is found out about the palette on show once it rests: asked for one by one, and forgotten when the palette changes.

use super::state::{Outcome, Page};
use crate::protocol::{Drafted, Question, RepairKind, Reply, Request, Sequences, ShownRepair, Trust, Verdict};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

const RESAMPLES: usize = 200;
const FOLDS: usize = 2;
const SEED: u64 = 1;
const ROUNDS: usize = 12;
/// How long to wait before the worker is asked again when it was busy, milliseconds.
const AGAIN: f64 = 400.0;

/// `None` until it is there; the error is a sentence.
pub type Found<T> = Option<Result<T, String>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Study {
    Repairs,
    Drafts,
    Sequences,
    Trust,
}

impl Study {
    /// How long a palette has rested before this is asked about it, milliseconds: a handle on its way must not be held up.
    fn rest(self) -> f64 {
        match self {
            Study::Repairs => 160.0,
            Study::Drafts | Study::Sequences => 250.0,
            Study::Trust => 500.0,
        }
    }
}

/// All of it, for the outcome on show. Copies share it.
#[derive(Clone, Copy)]
pub struct Studies {
    /// For a palette that is not reachable.
    pub repairs: RwSignal<Found<Vec<ShownRepair>>>,
    /// For a reachable palette.
    pub trust: RwSignal<Found<Trust>>,
    /// How many resamples of how many are done, while they are drawn.
    pub resampled: RwSignal<Option<(usize, usize)>>,
    pub drafts: RwSignal<Found<Drafted>>,
    pub sequences: RwSignal<Found<Sequences>>,
    pub prices_open: RwSignal<bool>,
    pub drafts_open: RwSignal<bool>,
    pub sequences_open: RwSignal<bool>,
    /// Drafts to choose from.
    pub k: RwSignal<usize>,
    desk: StoredValue<Desk>,
}

#[derive(Default)]
struct Desk {
    /// Counts what was asked: a reply to anything but the request at work is stale.
    tickets: u32,
    at_work: Option<(u32, Study)>,
    /// When the outcome came.
    since: f64,
    timer: Option<TimeoutHandle>,
}

impl Studies {
    pub fn new() -> Self {
        Studies {
            repairs: RwSignal::new(None),
            trust: RwSignal::new(None),
            resampled: RwSignal::new(None),
            drafts: RwSignal::new(None),
            sequences: RwSignal::new(None),
            prices_open: RwSignal::new(false),
            drafts_open: RwSignal::new(false),
            sequences_open: RwSignal::new(false),
            k: RwSignal::new(16),
            desk: StoredValue::new(Desk::default()),
        }
    }

    /// Looks for something to ask whenever an outcome came or something was opened.
    pub fn follow(self, page: Page) {
        Effect::new(move |_| {
            page.outcome.track();
            page.solving.track();
            self.drafts_open.track();
            self.sequences_open.track();
            self.k.track();
            self.look(page);
        });
    }

    /// Forgets what was found: another outcome comes.
    pub fn clear(self) {
        self.desk.update_value(|desk| {
            desk.at_work = None;
            desk.since = now();
        });
        forget(self.repairs);
        forget(self.trust);
        forget(self.resampled);
        forget(self.drafts);
        forget(self.sequences);
    }

    /// Studies the choice among `k` drafts from now on.
    pub fn choose_among(self, k: usize) {
        self.desk.update_value(|desk| desk.at_work = desk.at_work.filter(|(_, study)| *study != Study::Drafts));
        forget(self.drafts);
        self.k.set(k);
    }

    /// The nearest palette for at most `nats`: `None` when the one on show costs no more. Says whether it was asked for.
    pub fn within_budget(self, page: Page, nats: f64, told: impl Fn(Arc<Outcome>, Result<Option<ShownRepair>, String>) + 'static) -> bool {
        let Some(outcome) = page.outcome.get_untracked().filter(|_| !page.solving.get_untracked()) else { return false };
        let asked = Request::Repairs { question: question(&outcome), budget: Some(nats) };
        page.study(outcome.set_id, asked, move |reply| {
            let on_show = page.outcome.get_untracked().is_some_and(|now| Arc::ptr_eq(&now, &outcome));
            match reply {
                Reply::Repairs(repairs) if on_show => {
                    let found = repairs.into_iter().find(|repair| matches!(repair.how, RepairKind::Budget(_)));
                    told(outcome.clone(), Ok(found));
                }
                Reply::Failed { message } | Reply::Lost { message } => told(outcome.clone(), Err(message)),
                _ => told(outcome.clone(), Err("The palette has changed meanwhile. Try again.".to_owned())),
            }
        })
    }

    /// What is wanted most of what is not there yet.
    fn wanted(self, outcome: &Outcome) -> Option<Study> {
        let reachable = outcome.solved.verdict == Verdict::Reachable;
        let missing = [
            (Study::Repairs, !reachable && self.repairs.with_untracked(Option::is_none)),
            (Study::Drafts, self.drafts_open.get_untracked() && self.drafts.with_untracked(Option::is_none)),
            (Study::Sequences, reachable && self.sequences_open.get_untracked() && self.sequences.with_untracked(Option::is_none)),
            (Study::Trust, reachable && self.trust.with_untracked(Option::is_none)),
        ];
        missing.into_iter().find(|(_, missing)| *missing).map(|(study, _)| study)
    }

    fn look(self, page: Page) {
        self.look_in(page, None);
        if page.solving.get_untracked() {
            return;
        }
        let Some(outcome) = page.outcome.get_untracked() else { return };
        let Some(study) = self.wanted(&outcome) else { return };
        let at_work = self.desk.with_value(|desk| desk.at_work.map(|(_, study)| study));
        // Resampling takes long: it gives way and starts anew later.
        if at_work.is_some_and(|at_work| at_work != Study::Trust || study == Study::Trust) {
            return;
        }
        let left = study.rest() - (now() - self.desk.with_value(|desk| desk.since));
        if left > 0.0 {
            self.look_in(page, Some(left));
            return;
        }
        let about = question(&outcome);
        let request = match study {
            Study::Repairs => Request::Repairs { question: about, budget: None },
            Study::Drafts => Request::Drafts { question: about, k: self.k.get_untracked(), seed: SEED },
            Study::Sequences => Request::Sequential { question: about, rounds: ROUNDS },
            Study::Trust => Request::Trust { question: about, resamples: RESAMPLES, folds: FOLDS, seed: SEED },
        };
        let ticket = self.desk.with_value(|desk| desk.tickets) + 1;
        self.desk.update_value(|desk| {
            desk.tickets = ticket;
            desk.at_work = Some((ticket, study));
        });
        if !page.study(outcome.set_id, request, move |reply| self.hear(page, ticket, reply)) {
            self.desk.update_value(|desk| desk.at_work = None);
            self.look_in(page, Some(AGAIN));
        }
    }

    /// Looks again in so many milliseconds, and not before; `None`: not at all.
    fn look_in(self, page: Page, wait: Option<f64>) {
        if let Some(timer) = self.desk.try_update_value(|desk| desk.timer.take()).flatten() {
            timer.clear();
        }
        if let Some(wait) = wait {
            let wait = Duration::from_millis(wait.ceil().max(1.0) as u64);
            let timer = set_timeout_with_handle(move || self.look(page), wait).ok();
            self.desk.update_value(|desk| desk.timer = timer);
        }
    }

    fn hear(self, page: Page, ticket: u32, reply: Reply) {
        let Some((_, study)) = self.desk.with_value(|desk| desk.at_work.filter(|(at_work, _)| *at_work == ticket)) else { return };
        if let Reply::Trusting { done, total } = reply {
            // In tens: faster than that nobody reads.
            let shown = Some((done - done % 10, total));
            if self.resampled.get_untracked() != shown {
                self.resampled.set(shown);
            }
            return;
        }
        self.desk.update_value(|desk| desk.at_work = None);
        forget(self.resampled);
        match (study, reply) {
            (_, Reply::Cancelled) => {
                self.look_in(page, Some(AGAIN));
                return;
            }
            (Study::Repairs, Reply::Repairs(repairs)) => self.repairs.set(Some(Ok(repairs))),
            (Study::Drafts, Reply::Drafted(drafted)) => self.drafts.set(Some(Ok(*drafted))),
            (Study::Sequences, Reply::Sequences(sequences)) => self.sequences.set(Some(Ok(*sequences))),
            (Study::Trust, Reply::Trusted(trust)) => self.trust.set(Some(Ok(*trust))),
            (study, reply) => {
                let message = match reply {
                    Reply::Failed { message } | Reply::Lost { message } => message,
                    _ => "The worker answered something else.".to_owned(),
                };
                match study {
                    Study::Repairs => self.repairs.set(Some(Err(message))),
                    Study::Drafts => self.drafts.set(Some(Err(message))),
                    Study::Sequences => self.sequences.set(Some(Err(message))),
                    Study::Trust => self.trust.set(Some(Err(message))),
                }
            }
        }
        self.look(page);
    }
}

fn question(outcome: &Outcome) -> Question {
    Question { palette: outcome.palette.clone(), pooling: outcome.pooling }
}

/// Empties a signal; says so only to those who saw something in it.
fn forget<T: Send + Sync + 'static>(signal: RwSignal<Option<T>>) {
    if signal.with_untracked(Option::is_some) {
        signal.set(None);
    }
}

fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
