//! Answers to one question: before, all as likely as the model made them; after, the likeliest under the
//! palette.

use crate::app::format::percent;
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::views::names::Name;
use crate::app::views::reward_bars::RewardBars;
use leptos::prelude::*;
use palette_study::Pooling;
use std::sync::Arc;

/// Answers shown on each side until all are asked for.
const SHOWN: usize = 3;

#[component]
pub fn BeforeAfter(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let all = RwSignal::new(false);
    let last = table.set.prompts.len().saturating_sub(1);
    // Where prompts have a single answer and all compete, one prompt's answers would tell nothing: all are
    // shown together.
    let lonely = table.usual_pooling() == Pooling::Pooled;
    let usual = table.usual_pooling();
    let together = move || lonely && page.pooling.get().unwrap_or(usual) == Pooling::Pooled;
    let several = last > 0;
    let weighted = table.set.answers.iter().any(|answer| answer.weight != 1.0);
    // Not gathered anew for every palette: it may be all the answers there are.
    let group = {
        let table = table.clone();
        Memo::new(move |_| -> Arc<Vec<usize>> {
            if together() {
                Arc::new((0..table.set.answers.len()).collect())
            } else {
                Arc::new(table.groups.get(page.prompt.get().min(last)).cloned().unwrap_or_default())
            }
        })
    };
    let current = Memo::new(move |_| page.prompt.get().min(last));
    let turn = move |by: usize| {
        let next = (current.get_untracked() + by) % (last + 1);
        page.prompt.set(next);
    };
    let question = {
        let table = table.clone();
        move || {
            let text = table.set.prompts.get(current.get()).cloned().unwrap_or_default();
            if together() && several {
                return "all questions together".to_owned();
            }
            match (text.trim().is_empty(), several) {
                (false, _) => text,
                (true, true) => format!("question {}", current.get() + 1),
                (true, false) => "all prompts, which the table does not tell apart".to_owned(),
            }
        }
    };
    let k = move || group.with(|group| group.len());
    let before = {
        let table = table.clone();
        move || {
            let group = group.get();
            let pooling = page.pooling.get().unwrap_or(usual);
            let total: f64 = group.iter().map(|j| table.base_share(*j, pooling)).sum();
            let share = |j: usize| if total > 0.0 { table.base_share(j, pooling) / total } else { 0.0 };
            listed(&table, group.iter().take(MOST).map(|j| (*j, share(*j))).collect(), all.get())
        }
    };
    let after = {
        let table = table.clone();
        move || {
            let group = group.get();
            let mut shares: Vec<(usize, f64)> = page.outcome.with(|outcome| {
                let weights = outcome
                    .as_ref()
                    .filter(|outcome| outcome.set_id == table.id)
                    .map(|outcome| outcome.weights.as_slice());
                let weight = |j: usize| weights.and_then(|weights| weights.get(j)).copied().unwrap_or(0.0);
                // Pooled weights are shares of all answers: here they are among the answers to this question.
                let total: f64 = group.iter().map(|j| weight(*j)).sum();
                group.iter().map(|j| (*j, if total > 0.0 { weight(*j) / total } else { 0.0 })).collect()
            });
            likeliest_first(&mut shares, MOST);
            listed(&table, shares, all.get())
        }
    };
    view! {
        <section class="card answers-card" aria-label="Answers before and after">
            <div class="question">
                <h2>"Answers to"</h2>
                <b class="asked">{move || view! { <Name name=question() /> }}</b>
                <Show when=move || several && !together()>
                    <span class="turn">
                        <button type="button" on:click=move |_| turn(last)>
                            "Previous question"
                        </button>
                        <button type="button" on:click=move |_| turn(1)>
                            "Next question"
                        </button>
                    </span>
                </Show>
            </div>
            <div class="cols">
                <div>
                    <h3>
                        {if weighted {
                            "before: by the weights of the table"
                        } else {
                            "before: every answer \
                        equally likely"
                        }}
                    </h3>
                    <ul>{before}</ul>
                </div>
                <div>
                    <h3>"after: the likeliest under this palette"</h3>
                    <ul>{after}</ul>
                </div>
            </div>
            {move || {
                let k = k();
                (k > SHOWN)
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="more"
                                on:click=move |_| all.update(|all| *all = !*all)
                            >
                                {move || {
                                    if all.get() {
                                        format!("Show the first {SHOWN}")
                                    } else if k > MOST {
                                        format!("Show {MOST} of {k}")
                                    } else {
                                        format!("Show all {k}")
                                    }
                                }}
                            </button>
                        }
                    })
            }}
        </section>
    }
}

/// Answers shown when all are asked for; a table of thousands would only be slow.
const MOST: usize = 64;

/// Brings the `first` largest shares to the front, in order; the rest stays as it comes.
fn likeliest_first(shares: &mut [(usize, f64)], first: usize) {
    let larger = |a: &(usize, f64), b: &(usize, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if shares.len() > first {
        shares.select_nth_unstable_by(first, larger);
    }
    let first = first.min(shares.len());
    shares[..first].sort_unstable_by(larger);
}

fn listed(table: &Arc<Table>, answers: Vec<(usize, f64)>, all: bool) -> impl IntoView + use<> {
    let most = if all { MOST } else { SHOWN };
    answers
        .into_iter()
        .take(most)
        .map(|(j, share)| {
            let answer = &table.set.answers[j];
            let text = if answer.text.trim().is_empty() {
                format!("answer {} (the table has no text)", j + 1)
            } else {
                answer.text.clone()
            };
            view! {
                <li>
                    <RewardBars table=table.clone() rewards=answer.rewards.clone() />
                    <p>{text}</p>
                    <span class="share">{percent(share)}</span>
                </li>
            }
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_come_first_and_ties_in_order() {
        let mut shares: Vec<(usize, f64)> = [0.1, 0.3, 0.1, 0.2, 0.3].into_iter().enumerate().collect();
        likeliest_first(&mut shares, 3);
        assert_eq!(shares[..3], [(1, 0.3), (4, 0.3), (3, 0.2)]);
        likeliest_first(&mut shares, 9);
        assert_eq!(shares, [(1, 0.3), (4, 0.3), (3, 0.2), (0, 0.1), (2, 0.1)]);
    }
}
