//! Every method on the drafts that were aligned: a table, a chart for each value asked, one's own weights.

mod best;
mod chart;
mod methods;
mod weights;

use crate::app::actions::answers::compare;
use crate::app::actions::export;
use crate::app::format::{count, percent};
use crate::app::state::answers::AlignedShown;
use crate::app::state::page;
use crate::app::views::names::Sentence;
use leptos::prelude::*;
use palette_study::compare::{Comparison, MethodKind};
use std::sync::Arc;

#[component]
pub(super) fn Compare(shown: Arc<AlignedShown>) -> impl IntoView {
    let page = page();
    let state = page.answers.compare;
    let why_not = Memo::new({
        let shown = shown.clone();
        move |_| compare::question(page, &shown).err()
    });
    let ready = Signal::derive(move || why_not.with(Option::is_none) && !state.asking.get());
    let found =
        move || state.found.with(|found| found.as_ref().and_then(|found| found.as_ref().ok().cloned()));
    let failed =
        move || state.found.with(|found| found.as_ref().and_then(|found| found.as_ref().err().cloned()));
    // The fields stay while an answer is waited for, or if it is an error: the person may be at them.
    let raised = Memo::new(move |before: Option<&Vec<String>>| {
        found().map(|found| found.raised.clone()).or_else(|| before.cloned()).unwrap_or_default()
    });
    let said = move || match (state.asking.get(), found()) {
        (true, _) => Some("Comparing…".to_owned()),
        (false, Some(comparison)) => Some(in_words(&comparison)),
        (false, None) => None,
    };
    let ask = {
        let shown = shown.clone();
        move |_| compare::compare(page, &shown, Vec::new(), Vec::new())
    };
    let calibrated = shown.calibrated.is_some();
    let for_weights = shown.clone();
    view! {
        <section class="card compare" aria-labelledby="compare-title">
            <h2 id="compare-title">"Every method on these drafts"</h2>
            <p class="hint">
                "The same palette by the model as it is, by fixed and by random weights, by the best draft \
                for one value, by MAP as in the paper and for these drafts, one value after another, and by \
                a mixture. All choose among the same drafts. It takes a few seconds."
                {calibrated
                    .then_some(
                        " Every prompt is judged, and λ is of the sample set: calibrating is left aside.",
                    )}
            </p>
            {move || why_not.get().map(|reason| view! { <p class="warning">{reason}</p> })}
            <div class="row">
                <button type="button" disabled=move || !ready.get() on:click=ask>
                    "Compare methods"
                </button>
            </div>
            <p role="status" aria-label="Comparison" class="summary" class:stale=move || state.asking.get()>
                {move || said()}
            </p>
            {move || {
                found()
                    .map(|found| {
                        found
                            .notes
                            .iter()
                            .map(|note| {
                                view! {
                                    <p class="warning">
                                        <Sentence text=note.clone() />
                                    </p>
                                }
                            })
                            .collect_view()
                    })
            }}
            {move || {
                failed()
                    .map(|reason| {
                        view! {
                            <p class="warning" role="alert">
                                <Sentence text=reason />
                            </p>
                        }
                    })
            }}
            {move || {
                let shown = shown.clone();
                found()
                    .map(|comparison| {
                        let (csv, of_csv) = (comparison.clone(), shown.clone());
                        let (json, of_json) = (comparison.clone(), shown.clone());
                        view! {
                            <methods::Methods shown=shown.clone() comparison=comparison.clone() />
                            <div class="row">
                                <button
                                    type="button"
                                    on:click=move |_| export::comparison_csv(page, &of_csv, &csv)
                                >
                                    "Comparison as CSV"
                                </button>
                                <button
                                    type="button"
                                    title="With every λ that was tried, and which draft each method picked"
                                    on:click=move |_| export::comparison_json(page, &of_json, &json)
                                >
                                    "Comparison as JSON"
                                </button>
                            </div>
                            <chart::Charts shown comparison />
                        }
                    })
            }}
            {move || {
                let shown = for_weights.clone();
                let raised = raised.get();
                (!raised.is_empty()).then(|| view! { <weights::OwnWeights shown raised ready /> })
            }}
        </section>
    }
}

/// How many methods there are and what random weights come to.
fn in_words(comparison: &Comparison) -> String {
    let had = comparison.methods.iter().filter(|method| method.measured.is_some()).count();
    let out = comparison.methods.len() - had;
    let out = if out == 0 { String::new() } else { format!(", {out} more cannot be had") };
    let mut words = format!(
        "{} on {} with {} each{out}.",
        count(had, "method"),
        count(comparison.prompts, "prompt"),
        count(comparison.k, "draft")
    );
    let random = comparison.methods.iter().find(|method| method.kind == MethodKind::RandomWeights);
    if let Some(random) = random.and_then(|method| method.random.as_ref()) {
        words += &format!(
            " Of {} random weights, {} bring more than base of every value to be raised, and {} meet all \
                targets.",
            random.draws.len(),
            percent(random.navigation_efficiency),
            percent(random.all_met)
        );
    }
    words
}
