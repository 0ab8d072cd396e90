//! Picking answers by the palette: whether that is possible, what to know before, and what came of it.

use crate::app::format::{count, drafts, list};
use crate::app::own_values::OWN_VALUES;
use crate::app::state::Page;
use crate::app::state::answers::AlignedShown;
use crate::app::state::answers::task::{Bounds, Task};
use crate::app::state::table::{Origin, Table};
use leptos::prelude::*;
use palette_protocol::{PickRequest, Reply, Request, Verdict};
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
    let measured =
        |name: &str| OWN_VALUES.contains(&name) || heads.iter().any(|head| head.value.name == name);
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

/// What should be known before aligning, in words.
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

/// What the palette allows each value.
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
    let request =
        PickRequest { drafts: task.sample_set(), lambda: task.lambda.clone(), seed: task.sampling.seed };
    page.store.with_value(|store| {
        store.send(Request::Pick(Box::new(request)), move |reply| picked(page, reply, &targets, &said))
    });
}

fn picked(page: Page, reply: Reply, targets: &Bounds, said: &str) {
    let state = page.answers;
    match reply {
        Reply::Aligned(aligned) => {
            let targets = aligned
                .drafts
                .values
                .iter()
                .map(|value| {
                    targets
                        .iter()
                        .find(|(name, _)| *name == value.name)
                        .map_or((None, None), |(_, bounds)| *bounds)
                })
                .collect();
            match Table::new(0, Origin::Generated, aligned.drafts.clone(), Vec::new()) {
                Ok(table) => {
                    state
                        .outcome
                        .set(Some(format!("{said} {} picked.", count(aligned.picked.len(), "answer"))));
                    state.aligned.set(Some(Arc::new(AlignedShown {
                        aligned: *aligned,
                        table: Arc::new(table),
                        targets,
                    })));
                }
                Err(message) => state.outcome.set(Some(message)),
            }
        }
        Reply::Failed { message } | Reply::Lost { message } => {
            state.outcome.set(Some(format!("It did not work. {message}")));
            page.notify_error(message);
        }
        _ => {}
    }
}
