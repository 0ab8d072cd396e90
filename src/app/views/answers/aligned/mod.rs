//! The outcome of aligning: how much of every value came out, and the answers prompt by prompt.

mod by_prompt;
mod compare;
mod levels;

use crate::app::actions::export;
use crate::app::format::{count, level, list, number};
use crate::app::state::answers::AlignedShown;
use crate::app::state::page;
use leptos::prelude::*;
use palette_study::align::Outcome;
use std::sync::Arc;

#[component]
pub fn Aligned(shown: Arc<AlignedShown>) -> impl IntoView {
    let page = page();
    let summary = summary(&shown);
    let price = price(&shown);
    let warnings =
        warnings(&shown).into_iter().map(|words| view! { <p class="warning">{words}</p> }).collect_view();
    let (levels_csv, drafts_csv) = (shown.clone(), shown.clone());
    view! {
        <section class="card" aria-labelledby="realised-title">
            <h2 id="realised-title">"What came out"</h2>
            <p class="summary">{summary}</p>
            <p class="quiet">{price}</p>
            {warnings}
            <levels::Levels shown=shown.clone() />
            <div class="row">
                <button type="button" on:click=move |_| export::measured_csv(page, &levels_csv)>
                    "Levels as CSV"
                </button>
                <button type="button" on:click=move |_| export::drafts_csv(page, &drafts_csv)>
                    "Drafts with their probabilities as CSV"
                </button>
            </div>
        </section>
        <compare::Compare shown=shown.clone() />
        <by_prompt::ByPrompt shown />
    }
}

/// `2 targets met, 1 missed, 1 undecided.`
fn summary(shown: &AlignedShown) -> String {
    let values = &shown.judged.measured.values;
    let with = |outcome: Outcome| values.iter().filter(|value| value.outcome == outcome).count();
    let asked = values.iter().filter(|value| value.outcome != Outcome::NoTarget).count();
    let prompts = count(shown.judged.measured.prompts, "prompt");
    if asked == 0 {
        return format!("No target was set. Measured on {prompts}.");
    }
    let parts: Vec<String> = [
        (Outcome::Met, "met"),
        (Outcome::Missed, "missed"),
        (Outcome::Undecided, "undecided"),
        (Outcome::Near, "as near as can be told"),
        (Outcome::TooFew, "with too few prompts to say"),
    ]
    .into_iter()
    .filter_map(|(outcome, word)| Some((with(outcome), word)).filter(|(n, _)| *n > 0))
    .map(|(n, word)| format!("{n} {word}"))
    .collect();
    format!("Of {}, on {prompts}: {}.", count(asked, "target"), list(&parts, 5))
}

/// What λ was solved for, what it was to cost, and what was spent.
fn price(shown: &AlignedShown) -> String {
    let plan = &shown.plan;
    let spent = number(shown.judged.measured.kl.mean);
    let holds = plan.confidence.map_or(String::new(), |confidence| {
        format!(", each target to hold with {:.0}% confidence", 100.0 * confidence)
    });
    let (solved, kl) = match &shown.calibrated {
        Some(solved) => (
            format!(
                "solved again for choosing one of {} on {} of these prompts, which are not judged",
                count(solved.k, "draft"),
                shown.calibration.len(),
            ),
            solved.kl,
        ),
        None => (plan.solved_for.clone(), plan.kl),
    };
    let expected = kl.map_or(String::new(), |kl| format!(" of {} expected", number(kl)));
    format!("λ {solved}{holds}. Choosing spent {spent} nats a prompt{expected}.")
}

/// What a reader must know beside the figures.
fn warnings(shown: &AlignedShown) -> Vec<String> {
    let shifted: Vec<String> = shown
        .judged
        .shifts
        .iter()
        .filter(|shift| shift.significant)
        .map(|shift| format!("{} ({} here, {} there)", shift.name, level(shift.new), level(shift.pilot)))
        .collect();
    if shifted.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "These prompts give something else anyway than those that λ was solved on: {}. A target said as a level \
            means another lift here; one said above base, or calibrating, goes with the prompts.",
        list(&shifted, 6)
    )]
}
