//! Finding out about the palette on show once it rests: one thing after another, and forgotten when the
//! palette changes.

use crate::app::state::answers::plan;
use crate::app::state::studies::{Found, Studies, Study, forget};
use crate::app::state::{Outcome, Page};
use crate::client::{CallError, clock};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use palette_protocol::calls::{
    Drafts, Plane, PriceOfTarget, PricesInPlane, Repairs, Sequential, SolverLab, Trust, WhyNot,
};
use palette_protocol::link::View;
use palette_protocol::{Call, OnSet, Resampled, SetKey};
use palette_study::align::targets_on;
use palette_study::{DraftsQuestion, EasedRepair, Pooling, Question, Repair, Verdict};
use palette_tables::Palette;
use serde::Serialize;
use std::sync::Arc;

const RESAMPLES: usize = 200;
const SPLITS: usize = 100;
/// Deals the answers into choices, and all else that is drawn.
pub const SEED: u64 = 1;
const ROUNDS: usize = 12;
/// On more answers than this the solvers of the lab take seconds, in one piece.
const MOST_LAB_ROWS: usize = 20_000;
/// How long to wait before the worker is asked again when it was busy, milliseconds.
pub const AGAIN: f64 = 400.0;

/// Looks for something to ask whenever an outcome came or something was opened.
pub fn follow(page: Page) {
    let studies = page.studies;
    Effect::new(move |_| {
        page.outcome.track();
        page.solving.track();
        studies.drafts_open.track();
        studies.sequences_open.track();
        studies.lab_open.track();
        studies.plane_open.track();
        studies.plane_values.track();
        studies.price_open.track();
        studies.price_of.track();
        studies.why_not_open.track();
        studies.why_not_pair.track();
        studies.k.track();
        page.view.track();
        look(page);
    });
    // Names of one set mean nothing on another, or something else.
    let set = Memo::new(move |_| page.table.with(|table| table.as_ref().map(|table| table.id)));
    Effect::new(move |before: Option<Option<usize>>| {
        let now = set.get();
        if before.is_some_and(|before| before != now) {
            studies.show_plane_of(None);
            studies.ask_why_not(None);
            studies.price(None);
        }
        now
    });
    // What was shown first stays, whatever weighs most later.
    Effect::new(move |_| {
        let names = studies.plane.with(|plane| match plane {
            Some(Ok(plane)) => Some(plane.values.clone().map(|value| value.name)),
            _ => None,
        });
        if names.is_some() && studies.plane_values.with_untracked(Option::is_none) {
            studies.plane_values.set(names);
        }
    });
    let asked = Memo::new(move |_| (plan_question(page), page.answers.groups_asked()));
    Effect::new(move |_| {
        // Read, not only tracked: a memo that nobody reads is never made.
        asked.get();
        studies.clear_plan();
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
    let on = outcome.set;
    let call = Repairs { on, question: question(&outcome), budget: Some(nats) };
    let asked = page.solver.with_value(|solver| solver.study(on, call, |never| match never {}));
    let Some(asked) = asked else { return false };
    leptos::task::spawn_local(async move {
        let repairs = asked.await;
        let on_show = page.outcome.get_untracked().is_some_and(|now| Arc::ptr_eq(&now, &outcome));
        let changed = || "The palette has changed meanwhile. Try again.".to_owned();
        let found = match repairs {
            Ok(repairs) if on_show => {
                Ok(repairs.into_iter().find(|repair| matches!(repair.how, Repair::Budget(_))))
            }
            Ok(_) => Err(changed()),
            Err(error) => Err(error.message().unwrap_or_else(changed)),
        };
        told(outcome, found);
    });
    true
}

/// The study that is missed most.
fn wanted(page: Page, outcome: &Outcome) -> Option<Study> {
    let studies = page.studies;
    let reachable = outcome.report.verdict == Verdict::Reachable;
    let missing = [
        (Study::Repairs, !reachable && studies.repairs.with_untracked(Option::is_none)),
        (
            Study::Plan,
            untrack(|| plan_is_wanted(page) && plan_question(page).is_some())
                && studies.plan.with_untracked(Option::is_none),
        ),
        (
            Study::WhyNot,
            outcome.report.verdict == Verdict::Unreachable
                && studies.why_not_open.get_untracked()
                && studies.why_not.with_untracked(Option::is_none),
        ),
        (
            Study::Plane,
            page.view.get_untracked() == View::Compose
                && studies.plane_open.get_untracked()
                && studies.plane.with_untracked(Option::is_none),
        ),
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
        (Study::Price, studies.price_open.get_untracked() && studies.price.with_untracked(Option::is_none)),
        (
            Study::PlanePrices,
            page.view.get_untracked() == View::Compose
                && studies.plane_open.get_untracked()
                && studies.plane_prices.with_untracked(Option::is_none)
                && possible_plane(page).is_some(),
        ),
        (Study::Lab, studies.lab_open.get_untracked() && studies.lab.with_untracked(Option::is_none)),
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
    let Some(study) = wanted(page, &outcome) else { return };
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
    let (on, about) = (outcome.set, question(&outcome));
    match study {
        Study::Repairs => {
            let call = Repairs { on, question: about, budget: None };
            ask(page, study, on, call, |never| match never {}, studies.repairs);
        }
        Study::Plan => {
            let Some(drafts) = untrack(|| plan_question(page)) else { return };
            // A draft is chosen among those of its own prompt, however the palette is composed.
            let (palette, _) = untrack(|| plan_palette(page, &about.palette));
            let about = Question { palette, pooling: Pooling::PerPrompt };
            let call = Drafts { on, question: about, drafts };
            ask(page, study, on, call, |never| match never {}, studies.plan);
        }
        Study::Drafts => {
            let drafts = DraftsQuestion { k: studies.k.get_untracked(), hold: None, seed: SEED };
            let call = Drafts { on, question: about, drafts };
            ask(page, study, on, call, |never| match never {}, studies.drafts);
        }
        Study::Sequences => {
            let call = Sequential { on, question: about, rounds: ROUNDS };
            ask(page, study, on, call, |never| match never {}, studies.sequences);
        }
        Study::Plane => {
            let call = Plane { on, question: about, values: studies.plane_values.get_untracked() };
            ask(page, study, on, call, |never| match never {}, studies.plane);
        }
        Study::PlanePrices => {
            let Some(values) = possible_plane(page) else { return };
            let call = PricesInPlane { on, question: about, values };
            ask(page, study, on, call, |never| match never {}, studies.plane_prices);
        }
        Study::Price => {
            let of = studies.price_of.get_untracked().filter(|name| has_lane(&outcome, name));
            let call = PriceOfTarget { on, question: about, of };
            ask(page, study, on, call, |never| match never {}, studies.price);
        }
        Study::WhyNot => {
            let pair = studies.why_not_pair.get_untracked().filter(|pair| has_targets(&outcome, pair));
            let call = WhyNot { on, question: about, pair };
            ask(page, study, on, call, |never| match never {}, studies.why_not);
        }
        Study::Lab => {
            let rows = page.table.with_untracked(|table| table.as_ref().map_or(0, |t| t.set.answers.len()));
            if rows > MOST_LAB_ROWS {
                studies.lab.set(Some(Err(format!(
                    "Slow solvers on {rows} answers would hold up what is composed. `palette lab` does it \
                        outside of the page."
                ))));
                return look(page);
            }
            let call = SolverLab { on, question: about };
            ask(page, study, on, call, |never| match never {}, studies.lab);
        }
        Study::Trust => {
            let call = Trust { on, question: about, resamples: RESAMPLES, splits: SPLITS, seed: SEED };
            let progress = move |resampled| has_resampled(studies, resampled);
            ask(page, study, on, call, progress, studies.trust);
        }
    }
}

/// What is asked of the palette for the drafts that the form says; `None` where the set in use has no two answers to
/// each prompt to tell what choosing among them gives.
pub fn plan_question(page: Page) -> Option<DraftsQuestion> {
    let answers = page.answers;
    let there = page.table.with(|table| table.as_ref().map_or(0, |table| table.set.fewest_answers()));
    let k = answers.samples_per_prompt.get().min(there);
    let hold = plan::hold(answers.choices, answers.prompt_list().prompts.len());
    (k >= 2).then_some(DraftsQuestion { k, hold, seed: SEED })
}

/// `palette` without the targets on groups that no prompt of the form is of, and a sentence for each such group.
pub fn plan_palette(page: Page, palette: &Palette) -> (Palette, Vec<String>) {
    match page.answers.groups_asked() {
        Some(groups) => {
            let known = page.table.with(|table| table.as_ref().map(|table| table.known_on_groups(palette)));
            let palette = Palette { on_groups: known.unwrap_or_default(), ..palette.clone() };
            targets_on(&palette, &groups)
        }
        None => (palette.clone(), Vec::new()),
    }
}

/// Whether anybody looks at the plan.
fn plan_is_wanted(page: Page) -> bool {
    page.view.get() == View::Answers || page.answers.choices.holds.get()
}

/// The values of the plane on show, where something can be had in it.
fn possible_plane(page: Page) -> Option<[String; 2]> {
    page.studies.plane.with_untracked(|plane| match plane {
        Some(Ok(plane)) if plane.possible => Some(plane.values.clone().map(|value| value.name)),
        _ => None,
    })
}

/// Whether this is a value, or a target on a group.
fn has_lane(outcome: &Outcome, name: &str) -> bool {
    outcome.report.values.iter().any(|value| value.name == name)
        || outcome.report.groups.iter().any(|group| group.name == name)
}

/// Whether the palette has targets of both names.
fn has_targets(outcome: &Outcome, pair: &[String; 2]) -> bool {
    let values = outcome.report.values.iter().map(|value| (&value.name, value.target));
    let all: Vec<(&String, Option<f64>)> =
        values.chain(outcome.report.groups.iter().map(|group| (&group.name, group.target))).collect();
    pair.iter().all(|name| all.iter().any(|(other, target)| *other == name && target.is_some()))
}

/// Asks the worker and puts what it finds in its place; later when the worker is busy with a palette.
fn ask<C, T>(
    page: Page,
    study: Study,
    on: SetKey,
    call: C,
    mut progress: impl FnMut(C::Progress) + 'static,
    place: RwSignal<Found<T>>,
) where
    C: Call<Reply = OnSet<T>> + Clone + Serialize + 'static,
    T: Send + Sync + 'static,
{
    let in_flight = page.studies.in_flight;
    let ticket = in_flight.with_value(|in_flight| in_flight.last_ticket) + 1;
    let is_wanted = move || {
        in_flight.with_value(|in_flight| in_flight.at_work.is_some_and(|(at_work, _)| at_work == ticket))
    };
    let told = move |told| {
        if is_wanted() {
            progress(told);
        }
    };
    let Some(asked) = page.solver.with_value(|solver| solver.study(on, call, told)) else {
        in_flight.update_value(|in_flight| in_flight.at_work = None);
        look_in(page, Some(AGAIN));
        return;
    };
    in_flight.update_value(|in_flight| {
        in_flight.last_ticket = ticket;
        in_flight.at_work = Some((ticket, study));
    });
    leptos::task::spawn_local(async move {
        let found = asked.await;
        page.solver_news.set(None);
        if !is_wanted() {
            return;
        }
        in_flight.update_value(|in_flight| in_flight.at_work = None);
        forget(page.studies.resampled);
        match found.map_err(CallError::message) {
            Ok(found) => place.set(Some(Ok(found))),
            Err(Some(message)) => place.set(Some(Err(message))),
            // It gave way.
            Err(None) => return look_in(page, Some(AGAIN)),
        }
        look(page);
    });
}

fn has_resampled(studies: Studies, Resampled { done, total }: Resampled) {
    // In tens: faster than that nobody reads.
    let shown = Some((done - done % 10, total));
    if studies.resampled.get_untracked() != shown {
        studies.resampled.set(shown);
    }
}

/// Looks again in so many milliseconds, and not before; `None`: not at all.
fn look_in(page: Page, wait: Option<f64>) {
    let timer = wait.map(|wait| Timeout::new(wait.ceil().max(1.0) as u32, move || look(page)));
    // The one before it is dropped, and with it cleared.
    page.studies.in_flight.update_value(|in_flight| in_flight.timer = timer);
}

fn question(outcome: &Outcome) -> Question {
    Question { palette: outcome.palette.clone(), pooling: outcome.pooling }
}
