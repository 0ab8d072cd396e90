//! How far the palette's figures can be trusted, in a few lines.

use crate::app::format::{number, percent};
use crate::app::state::page;
use leptos::prelude::*;

#[component]
pub fn TrustLines(
    /// Resampled are prompts; where all answers belong to one, answers.
    several_prompts: bool,
) -> impl IntoView {
    let studies = page().studies;
    let what = if several_prompts { "prompts" } else { "answers" };
    let at_work =
        move || studies.resampled.get().map(|(done, total)| view! { <p class="note">{format!("resampling {done} of {total}")}</p> });
    // A study that failed has nothing to say: the verdict stands without it.
    let lines = move || {
        studies.trust.with(|trust| {
            let trust = trust.as_ref()?.as_ref().ok()?;
            let reachable = (100.0 * trust.reachable as f64 / trust.resamples.max(1) as f64).round();
            let warnings = trust.warnings.iter().map(|warning| view! { <li>{warning.clone()}</li> }).collect_view();
            Some(view! {
                <p>{format!("Reachable with other {what} like these: {reachable:.0} of 100")}</p>
                <p>
                    {format!("Weights rest on about {} answers (largest {})", whole(trust.effective_samples), percent(trust.largest_weight))}
                </p>
                {(!trust.warnings.is_empty()).then(|| view! { <ul>{warnings}</ul> })}
            })
        })
    };
    view! {
        <div class="trust">
            {at_work}
            <div role="status" aria-label="How far to trust it">{lines}</div>
        </div>
    }
}

fn whole(x: f64) -> String {
    if x < 10.0 { number(x) } else { format!("{x:.0}") }
}
