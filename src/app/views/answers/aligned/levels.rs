//! How much of every value came out, against what was asked.

use crate::app::format::{level, percent};
use crate::app::state::answers::AlignedShown;
use crate::app::target_words::bounds_in_words;
use crate::app::views::names::Name;
use leptos::prelude::*;
use palette_study::align::{AskedTarget, MeasuredValue, Outcome};
use palette_study::interval::Estimate;
use std::sync::Arc;

#[component]
pub(super) fn Levels(shown: Arc<AlignedShown>) -> impl IntoView {
    let reweighted = shown.reweighted();
    let rows = shown
        .judged
        .measured
        .values
        .iter()
        .map(|value| {
            let asked = shown.plan.asked.iter().find(|asked| asked.name == value.name);
            let name = asked.map_or(value.name.as_str(), AskedTarget::value).to_owned();
            let accent = shown.table.set.value_index(&name).map(|i| shown.table.accents[i].number);
            let on_group = value.group.clone().map(|group| {
                view! {
                    " on "
                    <Name name=group />
                }
            });
            let (sign, class, words) = verdict(value);
            let share = value.share_of_lift.map(|share| {
                view! { <small class="interval">{format!("{} of asked", percent(share))}</small> }
            });
            let there = reweighted.iter().find(|(name, _)| *name == value.name).map(|(_, at)| {
                view! { <small class="interval">{format!("{} reweighted", level(*at))}</small> }
            });
            view! {
                <tr data-accent=accent>
                    <th scope="row">
                        <i class="dot" aria-hidden="true"></i>
                        <Name name />
                        {on_group}
                    </th>
                    <td class="words">
                        {asked.map_or("no target".to_owned(), asked_in_words)}
                        {there}
                        <span class=format!("outcome {class}")>
                            <span aria-hidden="true">{sign}</span>
                            {words}
                        </span>
                    </td>
                    <td data-label="base">{level(value.base.mean)}</td>
                    <td data-label="expected">
                        <b>{level(value.expected.mean)}</b>
                        {interval(value.expected)}
                    </td>
                    <td data-label="lift">
                        {level(value.lift.mean)}
                        {interval(value.lift)}
                        {share}
                    </td>
                    <td data-label="picked">{level(value.picked.mean)} {interval(value.picked)}</td>
                    <td data-label="wins · above">
                        {percent(value.win_rate.mean)} <small class="interval">{percent(value.place)}</small>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="Table, scrolls sideways">
            <table class="measured">
                <caption>"Levels with 95% intervals over prompts"</caption>
                <thead>
                    <tr>
                        <th scope="col">"value"</th>
                        <th scope="col" class="words">"asked, and whether it was met"</th>
                        <th scope="col" title="Mean of all drafts: what these prompts give anyway">"base"</th>
                        <th scope="col" title="Mean over the chance of picking, Σ p r">"expected"</th>
                        <th scope="col" title="Expected less base, on the same prompts">"lift"</th>
                        <th scope="col" title="Mean of the picked answers: what one reader sees">"picked"</th>
                        <th scope="col" title="How often the picked draft has more than another one; below, the share \
                        of all drafts that the expected level lies above">"wins · above"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <details class="how">
            <summary>"How to read this"</summary>
            <p class="hint">
                "Reweighted is what λ realises on the answers that it was solved on, weighed anew and none \
                drawn (the paper's numeric column); all else is of new drafts. \
                Expected is the mean over the chance of picking, so it needs no luck: it decides \
                whether a target is met. Picked is what one reader sees, one answer a prompt. Lift is \
                expected less base on the same prompts. Wins says how often the picked draft has more of \
                the value than another draft of the same prompt; above, the share of all drafts that the \
                expected level lies above. A target is met or missed when the whole interval lies on one \
                side of it, else it is undecided."
            </p>
        </details>
    }
}

fn interval(estimate: Estimate) -> Option<impl IntoView> {
    estimate.interval.map(|[low, high]| {
        view! { <small class="interval">{format!("{} to {}", level(low), level(high))}</small> }
    })
}

/// What was asked, from the base where it was said so.
pub(super) fn asked_in_words(asked: &AskedTarget) -> String {
    let AskedTarget { lower, upper, relative, base, .. } = asked;
    if !relative {
        return bounds_in_words((*lower, *upper));
    }
    let lift = |c: f64| {
        if (c - base).abs() < 1e-12 { "base".to_owned() } else { format!("base {}", level(c - base)) }
    };
    match (lower, upper) {
        (None, None) => "off".to_owned(),
        (Some(low), None) => lift(*low),
        (None, Some(high)) => format!("at most {}", lift(*high)),
        (Some(low), Some(high)) if low == high => format!("exactly {}", lift(*low)),
        (Some(low), Some(high)) => format!("{} to {}", lift(*low), lift(*high)),
    }
}

/// A sign, a class and words for an outcome.
pub(super) fn verdict(value: &MeasuredValue) -> (&'static str, &'static str, String) {
    match (value.outcome, value.more_prompts) {
        (Outcome::NoTarget, _) => ("", "none", String::new()),
        (Outcome::Met, _) => ("✓ ", "met", "met".to_owned()),
        (Outcome::Missed, _) => ("✗ ", "missed", "missed".to_owned()),
        (Outcome::Near, _) => ("≈ ", "open", "as near as these prompts can tell".to_owned()),
        (Outcome::TooFew, _) => ("? ", "open", "too few prompts to say".to_owned()),
        (Outcome::Undecided, Some(1)) => ("? ", "open", "undecided: 1 more prompt may tell".to_owned()),
        (Outcome::Undecided, Some(more)) => {
            ("? ", "open", format!("undecided: about {more} more prompts would tell"))
        }
        (Outcome::Undecided, None) => {
            ("? ", "open", "undecided: too close for any number of prompts".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_is_said_from_the_base_where_it_was() {
        let asked = |lower, upper, relative| {
            asked_in_words(&AskedTarget {
                name: "wit".into(),
                group: None,
                lower,
                upper,
                relative,
                base: 1.0,
                base_error: None,
                prompts: 3,
            })
        };
        assert_eq!(asked(Some(1.3), None, true), "base +0.30");
        assert_eq!(asked(Some(1.0), None, true), "base");
        assert_eq!(asked(None, Some(0.5), true), "at most base −0.50");
        assert_eq!(asked(Some(1.3), None, false), "+1.30");
        assert_eq!(asked(None, None, true), "off");
    }
}
