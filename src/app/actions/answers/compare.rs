//! Comparing every method on the drafts that were aligned.

use crate::app::actions::studies::{AGAIN, SEED};
use crate::app::state::Page;
use crate::app::state::answers::AlignedShown;
use crate::app::state::answers::plan::SolvedOn;
use crate::client::CallError;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use palette_protocol::SetKey;
use palette_protocol::calls::Compare;
use palette_study::Question;
use palette_study::compare::{CompareQuestion, Comparison};
use std::sync::Arc;

/// The set in use and the palette that these drafts were aligned by, where they still are the same.
///
/// # Errors
/// A sentence when another palette or set is composed on now, or they are not known.
pub fn question(page: Page, shown: &AlignedShown) -> Result<(SetKey, Question), String> {
    let Some(SolvedOn { question, set }) = &shown.plan.solved_on else {
        return Err("These drafts were aligned by an earlier version of this page, which did not keep the \
            palette. Align again to compare methods."
            .to_owned());
    };
    let Some(table) = page.table.get() else {
        return Err("Methods are compared by the sample set that the palette was solved on, and it is not \
            here yet."
            .to_owned());
    };
    if table.key.content != set.content {
        return Err(
            "Another sample set is in use now than the one that these drafts were aligned by. Choose \
            that one in Data, or align again, to compare methods."
                .to_owned(),
        );
    }
    let before = &question.palette;
    let same = page.palette.with(|now| {
        let mut names = table.set.values.iter().map(|value| &value.name);
        names.all(|name| now.target(name) == before.target(name)) && now.on_groups == before.on_groups
    });
    if !same {
        return Err("The palette has been changed since these drafts were aligned. Take the change back in \
            Compose, or align again, to compare methods."
            .to_owned());
    }
    Ok((table.key, question.clone()))
}

/// Compares all methods, with the person's `weights` by name, and those over each of `betas`, where there are any.
pub fn compare(page: Page, shown: &Arc<AlignedShown>, weights: Vec<(String, f64)>, betas: Vec<f64>) {
    let state = page.answers.compare;
    if state.asking.get_untracked() {
        return;
    }
    let choices = page.answers.choices;
    let compare = CompareQuestion {
        k: shown.table.set.fewest_answers(),
        // Deals as the plan was dealt, so that the weights of Align are among those compared.
        seed: SEED,
        confidence: shown.plan.confidence.or_else(|| Some(choices.confidence.get_untracked())),
        weights,
        betas,
    };
    state.asking.set(true);
    let shown = shown.clone();
    spawn_local(async move {
        let Some(found) = answer(page, &shown, compare).await else { return };
        batch(|| {
            state.asking.set(false);
            state.found.set(Some(found.map(Arc::new)));
        });
    });
}

/// The answer, asked again for as long as a palette is in its way; `None` when these drafts are not on show
/// any more.
async fn answer(
    page: Page,
    shown: &Arc<AlignedShown>,
    compare: CompareQuestion,
) -> Option<Result<Comparison, String>> {
    let on_show =
        || page.answers.aligned.with_untracked(|now| now.as_ref().is_some_and(|now| Arc::ptr_eq(now, shown)));
    loop {
        let (on, question) = match untrack(|| question(page, shown)) {
            Ok(found) => found,
            Err(reason) => return on_show().then_some(Err(reason)),
        };
        let call = Compare { on, question, compare: compare.clone(), drafts: shown.table.set.clone() };
        let asked = page.solver.with_value(|solver| solver.study(on, call, |never| match never {}));
        let found = match asked {
            Some(asked) => {
                let found = asked.await.map_err(CallError::message);
                page.solver_news.set(None);
                found
            }
            None => Err(None),
        };
        match found {
            _ if !on_show() => return None,
            Ok(comparison) => return Some(Ok(comparison)),
            Err(Some(message)) => return Some(Err(message)),
            Err(None) => TimeoutFuture::new(AGAIN as u32).await,
        }
    }
}
