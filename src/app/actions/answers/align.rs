//! Picking answers by the palette: whether that is possible, what to know before, and what came of it.

use crate::app::format::{count, drafts, list};
use crate::app::own_values::is_own_value;
use crate::app::state::Page;
use crate::app::state::answers::AlignedShown;
use crate::app::state::answers::jobs::{Bounds, Task};
use crate::app::state::table::{Origin, Table};
use crate::client::CallError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use palette_protocol::Picked;
use palette_protocol::calls::Pick;
use palette_study::Verdict;
use palette_study::align::Aligned;
use palette_tables::{SampleSet, Value};
use std::sync::Arc;

/// Why aligning is not possible now, in words; `None` when it is.
pub fn why_not_align(page: Page) -> Option<String> {
    let Some(table) = page.table.get() else {
        return Some("Align needs a palette, and the sample set is not here yet.".to_owned());
    };
    let Some(outcome) = page.outcome.get().filter(|outcome| outcome.set_id == table.id) else {
        return Some("Align needs a solved palette; this one is not solved yet.".to_owned());
    };
    match outcome.report.verdict {
        Verdict::Reachable => {}
        Verdict::Edge => {
            return Some(
                "The palette is on the edge, where λ has no bound. Lower a target in Compose first."
                    .to_owned(),
            );
        }
        Verdict::Unreachable => {
            return Some(
                "The palette is out of reach, so there are no weights to align with. Scale it back \
                in Compose first."
                    .to_owned(),
            );
        }
    }
    let heads = page.answers.heads.get();
    let measured = |name: &str| is_own_value(name) || heads.iter().any(|head| head.value.name == name);
    let strange: Vec<String> = lambda(page)
        .into_iter()
        .filter(|(name, lambda)| *lambda != 0.0 && !measured(name))
        .map(|(name, _)| name)
        .collect();
    (!strange.is_empty()).then(|| {
        format!(
            "Align must reward new answers itself, and it cannot measure {}. Compose on a set of the page's \
                own values, or add a head for it.",
            list(&strange, 4)
        )
    })
}

/// Warnings before aligning, each a sentence or two.
pub fn warnings(page: Page) -> Vec<String> {
    let mut warnings = Vec::new();
    if why_not_align(page).is_some() {
        return warnings;
    }
    let (Some(outcome), Some(table)) = (page.outcome.get(), page.table.get()) else { return warnings };
    let k = page.answers.samples_per_prompt.get();
    // Choosing one of k answers can spend at most log k nats.
    if let Some(needed) = outcome.report.drafts
        && (k as f64) < needed - 1e-9
    {
        warnings.push(format!(
            "This palette needs at least {} drafts per answer, and only {k} would be drawn: the targets will \
                be missed. Draw more, or ask for less.",
            drafts(needed)
        ));
    }
    if table.origin == Origin::Opened {
        warnings.push(
            "This palette was solved on rewards from your file. Here the page measures the values of the \
                same names in its own way and units, so its weights and targets may not mean the same."
                .to_owned(),
        );
    }
    let prompts = page.answers.prompt_list().prompts;
    let known = prompts
        .iter()
        .filter(|prompt| table.set.prompts.iter().any(|other| other.trim() == prompt.as_str()))
        .count();
    if known > 0 {
        let (are, they) = if known == 1 { ("is", "it is") } else { ("are", "they are") };
        warnings.push(format!(
            "For Align: {known} of these prompts {are} not fresh; {they} also in the sample set that the \
                palette was solved on, so the levels may look better than on new ones."
        ));
    }
    warnings
}

/// λ of every value that has one, by name.
pub fn lambda(page: Page) -> Vec<(String, f64)> {
    let (Some(outcome), Some(table)) = (page.outcome.get(), page.table.get()) else { return Vec::new() };
    table
        .set
        .values
        .iter()
        .zip(&outcome.report.values)
        .filter_map(|(value, report)| report.lambda.map(|lambda| (value.name.clone(), lambda)))
        .collect()
}

/// The bounds that the palette sets each value.
pub fn targets(page: Page) -> Bounds {
    let (Some(outcome), Some(table)) = (page.outcome.get(), page.table.get()) else { return Vec::new() };
    let bounds = |(i, name): (usize, &String)| {
        (name.clone(), table.bounds(i, outcome.palette.target(name), outcome.pooling))
    };
    table.set.values.iter().map(|value| &value.name).enumerate().map(bounds).collect()
}

/// Picks one of the drafts of each prompt. `said` comes before what is said about them.
pub fn pick(page: Page, task: &Task, said: String) {
    let targets = task.targets.clone();
    let drafts = Arc::new(task.sample_set());
    let call = Pick { drafts: drafts.clone(), lambda: task.lambda.clone(), seed: task.sampling.seed };
    let picking = page.store.with_value(|store| store.call(call));
    spawn_local(async move {
        match picking.await.map_err(CallError::message) {
            Ok(picked) => has_picked(page, drafts, picked, &targets, &said),
            Err(Some(message)) => {
                page.answers.outcome.set(Some(format!("It did not work. {message}")));
                page.notify_error(message);
            }
            Err(None) => {}
        }
    });
}

fn has_picked(page: Page, drafts: Arc<SampleSet>, picked: Picked, targets: &Bounds, said: &str) {
    let state = page.answers;
    let bounds_of = |value: &Value| {
        targets.iter().find(|(name, _)| *name == value.name).map_or((None, None), |(_, bounds)| *bounds)
    };
    let targets = drafts.values.iter().map(bounds_of).collect();
    match Table::new(0, Origin::Generated, drafts.clone(), Vec::new()) {
        Ok(table) => {
            let Picked { picked, probability, realised } = picked;
            let aligned = Aligned { drafts: Arc::unwrap_or_clone(drafts), picked, probability, realised };
            state.outcome.set(Some(format!("{said} {} picked.", count(aligned.picked.len(), "answer"))));
            state.aligned.set(Some(Arc::new(AlignedShown { aligned, table: Arc::new(table), targets })));
        }
        Err(message) => state.outcome.set(Some(message)),
    }
}
