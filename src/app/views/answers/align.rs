//! The outcome of aligning: the picked answers, and how much of every value came out.

use crate::app::format::{level, percent};
use crate::app::state::answers::AlignedShown;
use crate::app::target_words::bounds_in_words;
use crate::app::views::names::Name;
use crate::app::views::reward_bars::RewardBars;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Picked(shown: Arc<AlignedShown>) -> impl IntoView {
    let answers = shown
        .aligned
        .picked
        .iter()
        .enumerate()
        .filter_map(|(g, &j)| {
            let answer = shown.table.set.answers.get(j)?;
            let prompt = shown.table.set.prompts.get(g).cloned().unwrap_or_default();
            let probability = shown.aligned.probability.get(j).map(|p| percent(*p));
            let k = shown.table.groups.get(g).map_or(0, Vec::len);
            let rewards = shown
                .table
                .set
                .values
                .iter()
                .zip(&answer.rewards)
                .zip(&shown.table.accents)
                .map(|((value, reward), accent)| {
                    view! {
                        <li data-accent=accent.number>
                            <i class="dot" aria-hidden="true"></i>
                            <Name name=value.name.clone() />
                            " "
                            <b>{level(*reward)}</b>
                        </li>
                    }
                })
                .collect_view();
            Some(view! {
                <li>
                    <h3>
                        <Name name=prompt />
                    </h3>
                    <div class="pick">
                        <RewardBars table=shown.table.clone() rewards=answer.rewards.clone() />
                        <p>{answer.text.clone()}</p>
                    </div>
                    <p class="quiet">
                        {probability.map(|p| format!("picked among {k} with probability {p}"))}
                    </p>
                    <ul class="rewards" aria-label="Rewards">
                        {rewards}
                    </ul>
                </li>
            })
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="realised-title">
            <RealisedTable shown=shown.clone() />
        </section>
        <section class="card" aria-labelledby="picked-title">
            <h2 id="picked-title">"Picked answers"</h2>
            <ul class="picked">{answers}</ul>
        </section>
    }
}

#[component]
fn RealisedTable(shown: Arc<AlignedShown>) -> impl IntoView {
    let rows = shown
        .table
        .set
        .values
        .iter()
        .zip(&shown.aligned.realised)
        .enumerate()
        .map(|(i, (value, realised))| {
            let target = shown.targets.get(i).copied().unwrap_or((None, None));
            let interval = realised
                .interval
                .map_or("–".to_owned(), |[low, high]| format!("{} to {}", level(low), level(high)));
            let accent = &shown.table.accents[i];
            view! {
                <tr data-accent=accent.number>
                    <th scope="row">
                        <i class="dot" aria-hidden="true"></i>
                        <Name name=value.name.clone() />
                    </th>
                    <td>{level(realised.base)}</td>
                    <td>{bounds_in_words(target)}</td>
                    <td>
                        <b>{level(realised.picked)}</b>
                    </td>
                    <td>{interval}</td>
                    <td class="words">{judge(target, realised.picked, realised.interval)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="Table, scrolls sideways">
            <table>
                <caption id="realised-title">"Realised levels"</caption>
                <thead>
                    <tr>
                        <th scope="col">"value"</th>
                        <th scope="col">"base"</th>
                        <th scope="col">"target"</th>
                        <th scope="col">"realised"</th>
                        <th scope="col">"95% interval"</th>
                        <th scope="col">"target met?"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// The most that can honestly be said about a target from this many prompts.
fn judge(target: (Option<f64>, Option<f64>), picked: f64, interval: Option<[f64; 2]>) -> &'static str {
    let Some([low, high]) = interval else {
        return if target == (None, None) { "no target" } else { "too few prompts to say" };
    };
    // Whether the interval lies inside the target, and whether it lies outside.
    let inside = target.0.is_none_or(|c| low >= c) && target.1.is_none_or(|c| high <= c);
    let outside = target.0.is_some_and(|c| high < c) || target.1.is_some_and(|c| low > c);
    match target {
        (None, None) => "no target",
        _ if inside => "met",
        _ if outside => "not met",
        (Some(from), Some(to)) if from == to => "as near as these prompts can tell",
        (Some(from), None) if picked >= from => "above it, too few prompts to be sure",
        (Some(_), None) => "below it, too few prompts to be sure",
        (None, Some(to)) if picked <= to => "below it, too few prompts to be sure",
        (None, Some(_)) => "above it, too few prompts to be sure",
        (Some(from), Some(to)) if (from..=to).contains(&picked) => "inside it, too few prompts to be sure",
        (Some(_), Some(_)) => "outside it, too few prompts to be sure",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_only_what_the_interval_carries() {
        let at_least = (Some(0.5), None);
        assert_eq!(judge((None, None), 1.0, None), "no target");
        assert_eq!(judge(at_least, 1.0, None), "too few prompts to say");
        assert_eq!(judge(at_least, 1.0, Some([0.6, 1.4])), "met");
        assert_eq!(judge(at_least, 0.1, Some([0.0, 0.2])), "not met");
        assert_eq!(judge(at_least, 0.6, Some([0.0, 1.2])), "above it, too few prompts to be sure");
        assert_eq!(judge(at_least, 0.4, Some([0.0, 1.2])), "below it, too few prompts to be sure");
        assert_eq!(judge((None, Some(0.5)), 0.1, Some([0.0, 0.2])), "met");
        assert_eq!(judge((None, Some(0.5)), 0.6, Some([0.0, 1.2])), "above it, too few prompts to be sure");
        assert_eq!(judge((Some(0.5), Some(0.5)), 0.6, Some([0.0, 1.2])), "as near as these prompts can tell");
        assert_eq!(judge((Some(0.5), Some(0.7)), 0.9, Some([0.8, 1.2])), "not met");
        assert_eq!(
            judge((Some(0.5), Some(0.7)), 0.6, Some([0.0, 1.2])),
            "inside it, too few prompts to be sure"
        );
    }
}
