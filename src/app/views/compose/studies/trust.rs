//! How far the palette's figures can be trusted, in a few lines.

use crate::app::format::{number, percent};
use crate::app::state::page;
use leptos::prelude::*;
use palette_study::{Trust, Verdict};

#[component]
pub fn TrustLines(
    /// Resampled are prompts; where all answers belong to one, answers.
    several_prompts: bool,
) -> impl IntoView {
    let page = page();
    let studies = page.studies;
    let what = if several_prompts { "prompts" } else { "answers" };
    let progress =
        move || studies.resampled.get().map(|(done, total)| format!("resampling {done} of {total}"));
    let reachable = Memo::new(move |_| {
        page.outcome.with(|outcome| {
            outcome.as_ref().is_some_and(|outcome| outcome.report.verdict == Verdict::Reachable)
        })
    });
    // The finding on the palette before stays in sight, dimmed, until there is something to say of this one.
    let said = Memo::new(move |before: Option<&Option<Result<Trust, String>>>| match studies.trust.get() {
        _ if !reachable.get() => None,
        None => before.cloned().flatten(),
        found => found,
    });
    let stale = move || studies.trust.with(Option::is_none);
    // A study that failed has nothing to say: the verdict stands without it.
    let lines = move || {
        said.with(|trust| {
            let trust = trust.as_ref()?.as_ref().ok()?;
            let reachable = trust
                .probability_reachable
                .map(|share| format!("Reachable with other {what} like these: {:.0} of 100", 100.0 * share));
            // A level that is met exactly is met on about every other set of new prompts.
            let met = trust
                .values
                .iter()
                .filter_map(|value| Some((value, value.held_out_met.filter(|met| *met < 0.95)?)))
                .map(|(value, met)| format!("{} {:.0}", value.name, 100.0 * met))
                .collect::<Vec<_>>();
            let met = (!met.is_empty()).then(|| {
                format!("Of 100 other halves of the {what} so many meet the target: {}", met.join(", "))
            });
            let warnings =
                trust.warnings.iter().map(|warning| view! { <li>{warning.clone()}</li> }).collect_view();
            Some(view! {
                {reachable.map(|reachable| view! { <p>{reachable}</p> })}
                {met.map(|met| view! { <p>{met}</p> })}
                <p>
                    {format!(
                        "Weights rest on about {} answers (largest {})",
                        whole(trust.effective_samples),
                        percent(trust.largest_weight),
                    )}
                </p>
                {(!trust.warnings.is_empty()).then(|| view! { <ul>{warnings}</ul> })}
            })
        })
    };
    view! {
        <div
            class="trust"
            hidden=move || {
                !reachable.get() || (said.with(Option::is_none) && studies.resampled.with(Option::is_none))
            }
        >
            <h2>"How far to trust it "<small>{progress}</small></h2>
            <div role="status" aria-label="How far to trust it" class:stale=stale>
                {lines}
            </div>
        </div>
    }
}

fn whole(x: f64) -> String {
    if x < 10.0 { number(x) } else { format!("{x:.0}") }
}
