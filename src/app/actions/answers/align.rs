//! Picking answers by the palette: whether that is possible, what to know before, and what came of it.

use super::topics;
use crate::app::actions::studies;
use crate::app::format::{count, list};
use crate::app::own_values::is_own_value;
use crate::app::state::answers::AlignedShown;
use crate::app::state::answers::jobs::Task;
use crate::app::state::answers::plan::{AlignPlan, SolvedOn};
use crate::app::state::repaired::repaired;
use crate::app::state::table::{Origin, Table};
use crate::app::state::{Outcome, Page};
use crate::client::CallError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use palette_protocol::Aligned;
use palette_protocol::calls::Align;
use palette_study::align::AskedTarget;
use palette_study::{Drafted, FEWEST_PROMPTS, Pooling, Question, Verdict};
use palette_tables::{Level, SampleSet, Target};
use std::sync::Arc;

/// What an align job would go by now.
///
/// # Errors
/// A sentence for people when aligning is not possible.
pub fn plan(page: Page) -> Result<AlignPlan, String> {
    let Some(table) = page.table.get() else {
        return Err("Align needs a palette, and the sample set is not here yet.".to_owned());
    };
    let Some(outcome) = page.outcome.get().filter(|outcome| outcome.set_id == table.id) else {
        return Err("Align needs a solved palette; this one is not solved yet.".to_owned());
    };
    if page.answers.samples_per_prompt.get() < 2 {
        return Err(
            "One draft leaves nothing to choose from: draw 2 answers to each prompt or more.".to_owned()
        );
    }
    let choices = page.answers.choices;
    let plan = match studies::plan_question(page).filter(|_| !choices.as_composed.get()) {
        None => as_composed(page, &table, &outcome)?,
        Some(drafts) => match page.studies.plan.get() {
            None => return Err(format!("The palette is being solved for {}…", count(drafts.k, "draft"))),
            Some(Err(message)) => return Err(message),
            Some(Ok(drafted)) => for_drafts(&drafted)?,
        },
    };
    let heads = page.answers.heads.get();
    let measured = |name: &str| is_own_value(name) || heads.iter().any(|head| head.value.name == name);
    let strange: Vec<String> = plan
        .lambda
        .iter()
        .filter(|(_, lambda)| *lambda != 0.0)
        .map(|(name, _)| {
            plan.asked.iter().find(|asked| asked.name == *name).map_or(name.as_str(), AskedTarget::value)
        })
        .filter(|value| !measured(value))
        .map(str::to_owned)
        .collect();
    if !strange.is_empty() {
        return Err(format!(
            "Align must reward new answers itself, and it cannot measure {}. Compose on a set of the page's \
                own values, or add a head for it.",
            list(&strange, 4)
        ));
    }
    let question = Question { palette: outcome.palette.clone(), pooling: outcome.pooling };
    Ok(AlignPlan {
        calibrate: choices.calibrate.get() && !choices.as_composed.get(),
        solved_on: Some(SolvedOn { question, set: outcome.set }),
        ..plan
    })
}

/// λ for choosing one of k drafts.
fn for_drafts(drafted: &Drafted) -> Result<AlignPlan, String> {
    let drafts = count(drafted.k, "draft");
    if drafted.verdict != Verdict::Reachable {
        let holding = drafted.hold.map_or(String::new(), |hold| {
            format!(
                " with {:.0}% confidence on {}",
                100.0 * hold.confidence,
                count(hold.prompts, "new prompt")
            )
        });
        return Err(match drafted.verdict {
            Verdict::Edge => format!(
                "Choosing among {drafts} only comes near this palette{holding} as λ grows: it is on the edge."
            ),
            _ => format!("Choosing among {drafts} does not reach this palette{holding}."),
        });
    }
    Ok(AlignPlan {
        lambda: drafted.lambda(),
        asked: drafted.asked.clone(),
        realised: drafted.realised(),
        solved_for: format!("solved for choosing one of {drafts}"),
        kl: drafted.kl,
        confidence: drafted.hold.map(|hold| hold.confidence),
        calibrate: false,
        solved_on: None,
    })
}

/// λ as Compose shows it.
fn as_composed(page: Page, table: &Table, outcome: &Outcome) -> Result<AlignPlan, String> {
    let report = &outcome.report;
    match report.verdict {
        Verdict::Reachable => {}
        Verdict::Edge => {
            return Err("The palette is on the edge, where λ has no bound. Lower a target in Compose first."
                .to_owned());
        }
        Verdict::Unreachable => {
            return Err("The palette is out of reach, so there are no weights to align with. Scale it back \
                in Compose first."
                .to_owned());
        }
    }
    let names = table.set.values.iter().map(|value| &value.name);
    let asked = names.clone().zip(&report.values).map(|(name, value)| AskedTarget {
        name: name.clone(),
        group: None,
        lower: value.lower,
        upper: value.upper,
        relative: is_relative(outcome.palette.target(name)),
        base: value.base,
        base_error: None,
        prompts: table.set.prompts.len(),
    });
    let (known, _) = studies::plan_palette(page, &outcome.palette);
    let on_groups =
        || report.groups.iter().filter_map(|at| Some((at, known.on_group(&at.group, &at.value)?)));
    let asked_on_groups = on_groups().map(|(at, target)| AskedTarget {
        name: at.name.clone(),
        group: Some(at.group.clone()),
        lower: at.lower,
        upper: at.upper,
        relative: is_relative(target),
        base: at.base,
        base_error: None,
        prompts: table.set.prompts.len(),
    });
    let realised =
        (names.clone().zip(&report.values)).filter_map(|(name, value)| Some((name.clone(), value.realised?)));
    let realised_on_groups = on_groups().filter_map(|(at, _)| Some((at.name.clone(), at.realised?)));
    let lambda = names.zip(&report.values).filter_map(|(name, value)| Some((name.clone(), value.lambda?)));
    // λ of a target on a group is of its mean: of a reward there it is the more, the smaller the group.
    let lambda_on_groups = on_groups().filter_map(|(at, _)| Some((at.name.clone(), at.lambda? / at.share)));
    Ok(AlignPlan {
        asked: asked.chain(asked_on_groups).collect(),
        lambda: lambda.chain(lambda_on_groups).collect(),
        realised: realised.chain(realised_on_groups).collect(),
        solved_for: match report.pooling {
            Pooling::Pooled => "solved on all answers in one group".to_owned(),
            Pooling::PerPrompt => "solved on all answers to each question".to_owned(),
        },
        kl: report.kl,
        confidence: None,
        calibrate: false,
        solved_on: None,
    })
}

/// Whether a target counts from the base.
fn is_relative(target: Target) -> bool {
    let levels = || target.levels().into_iter().flatten();
    levels().count() > 0 && levels().all(Level::is_relative)
}

/// Why aligning is not possible now, in words; `None` when it is.
pub fn why_not_align(page: Page) -> Option<String> {
    plan(page).err()
}

/// Takes the nearest palette that the drafts to be drawn reach.
pub fn take_nearest(page: Page) {
    let (Some(table), Some(outcome)) = (page.table.get_untracked(), page.outcome.get_untracked()) else {
        return;
    };
    let Some(Ok(drafted)) = page.studies.plan.get_untracked() else { return };
    if let Some(moves) = drafted.nearest {
        page.change(repaired(&table, &outcome, &moves), None);
    }
}

/// Takes `many` built-in prompts that are not in the built-in set: everyday ones first, then by field.
pub fn use_fresh(page: Page, many: usize) {
    spawn_local(async move {
        let mut prompts = Vec::new();
        for key in ["fresh", "education", "medical", "legal", "workplace"] {
            match topics::topic(page, key).await {
                Ok(topic) => prompts.extend(topic.prompts),
                Err(reason) => {
                    page.notify_error(format!("The {key} prompts could not be had: {reason}."));
                    return;
                }
            }
        }
        prompts.truncate(many);
        page.answers.replace_prompts(&prompts);
    });
}

/// Fresh prompts that there are.
pub const MOST_FRESH: usize = 236;

/// Warnings before aligning, each a sentence or two.
pub fn warnings(page: Page) -> Vec<String> {
    let mut warnings = Vec::new();
    if why_not_align(page).is_some() {
        return warnings;
    }
    let Some(table) = page.table.get() else { return warnings };
    let k = page.answers.samples_per_prompt.get();
    match studies::plan_question(page) {
        None => warnings.push(
            "The set in use has fewer than two answers to a prompt, so λ could not be solved for choosing \
                among drafts: what comes out is not what was asked."
                .to_owned(),
        ),
        Some(drafts) if drafts.k < k => warnings.push(format!(
            "The set in use has {} to a prompt, so λ is solved for choosing one of {}. With {k} drafts more \
                comes out than is asked, and at a higher price.",
            count(drafts.k, "answer"),
            drafts.k
        )),
        Some(_) => {}
    }
    if let Some(outcome) = page.outcome.get() {
        warnings.extend(studies::plan_palette(page, &outcome.palette).1);
    }
    if page.answers.choices.calibrate.get() {
        let prompts = page.answers.prompt_list().prompts.len();
        if prompts.div_ceil(2) < FEWEST_PROMPTS || prompts - prompts.div_ceil(2) < 2 {
            warnings.push(format!(
                "To calibrate, take {} prompts or more: a half of them is solved on.",
                2 * FEWEST_PROMPTS
            ));
        }
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

/// Picks one of the drafts of each prompt. `said` comes before what is said about them.
pub fn pick(page: Page, task: &Task, said: String) {
    let drafts = Arc::new(task.sample_set());
    let plan = task.plan.clone();
    let call = Align {
        drafts: drafts.clone(),
        lambda: plan.lambda.clone(),
        asked: plan.asked.clone(),
        calibrate: plan.calibration(drafts.prompts.len()),
        confidence: plan.confidence,
        seed: task.sampling.seed,
    };
    let picking = page.store.with_value(|store| store.call(call));
    spawn_local(async move {
        match picking.await.map_err(CallError::message) {
            Ok(aligned) => has_aligned(page, drafts, plan, aligned, &said),
            Err(Some(message)) => {
                page.answers.outcome.set(Some(format!("It did not work. {message}")));
                page.notify_error(message);
            }
            Err(None) => {}
        }
    });
}

fn has_aligned(page: Page, drafts: Arc<SampleSet>, plan: AlignPlan, aligned: Aligned, said: &str) {
    let state = page.answers;
    let (judged, calibration, calibrated) = match aligned.calibrated {
        Some(calibrated) => (calibrated.judged, calibrated.calibration, Some(calibrated.solved)),
        None => (aligned.judged, Vec::new(), None),
    };
    let Some(judged) = judged else {
        state.outcome.set(Some(format!(
            "{said} Nothing was picked: on the {} that it was solved on again the palette is out of reach for \
                the drafts that there are. Ask for less, draw more, or do not calibrate.",
            count(calibration.len(), "prompt")
        )));
        return;
    };
    match Table::new(0, Origin::Generated, drafts, Vec::new()) {
        Ok(table) => {
            state.outcome.set(Some(format!("{said} {} picked.", count(judged.picked.len(), "answer"))));
            let table = Arc::new(table);
            let shown = AlignedShown { judged, calibrated, calibration, table, plan };
            state.compare.clear();
            state.aligned.set(Some(Arc::new(shown)));
        }
        Err(message) => state.outcome.set(Some(message)),
    }
}
