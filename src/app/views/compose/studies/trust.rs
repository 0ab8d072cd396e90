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
            let reachable = (100.0 * trust.reachable as f64 / trust.resamples.max(1) as f64).round();
            let warnings =
                trust.warnings.iter().map(|warning| view! { <li>{warning.clone()}</li> }).collect_view();
            Some(view! {
                <p>{format!("Reachable with other {what} like these: {reachable:.0} of 100")}</p>
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
            <h3>"How far to trust it "<small>{progress}</small></h3>
            <div role="status" aria-label="How far to trust it" class:stale=stale>
                {lines}
            </div>
        </div>
    }
}

fn whole(x: f64) -> String {
    if x < 10.0 { number(x) } else { format!("{x:.0}") }
}
