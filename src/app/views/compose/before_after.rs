//! Answers to one question: before, drawn as the model gives them; after, the likeliest under the palette. Or
//! those with the most and the least of one value.

use super::pushed::pushed;
use crate::app::format::{isolated, percent, text_or_number};
use crate::app::state::dice::drawn;
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::views::names::{Name, Sentence};
use crate::app::views::reward_bars::NamedBars;
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
    // The value whose most and least is shown instead.
    let of_value = RwSignal::new(None::<usize>);
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
                Arc::new(table.groups.get(page.prompt_shown(&table)).cloned().unwrap_or_default())
            }
        })
    };
    let current = {
        let table = table.clone();
        Memo::new(move |_| page.prompt_shown(&table))
    };
    let turn = move |by: usize| {
        let next = (current.get_untracked() + by) % (last + 1);
        page.prompt.set(Some(next));
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
    let most = move || if all.get() { MOST } else { SHOWN };
    // Answers with their probabilities. Not drawn anew for every palette: the dice know nothing of it.
    let before = Memo::new({
        let table = table.clone();
        move |_| -> Vec<(usize, f64)> {
            let group = group.get();
            let pooling = page.pooling.get().unwrap_or(usual);
            let total: f64 = group.iter().map(|j| table.base_share(*j, pooling)).sum();
            let share = |j: usize| if total > 0.0 { table.base_share(j, pooling) / total } else { 0.0 };
            let drawn = drawn(page.throw.get(), group.iter().map(|j| (*j, share(*j))), most());
            drawn.into_iter().map(|j| (j, share(j))).collect()
        }
    });
    let now = {
        let table = table.clone();
        move || -> Vec<(usize, f64)> {
            let group = group.get();
            page.outcome.with(|outcome| {
                let weights = outcome
                    .as_ref()
                    .filter(|outcome| outcome.set_id == table.id)
                    .map(|outcome| outcome.weights.as_slice());
                let weight = |j: usize| weights.and_then(|weights| weights.get(j)).copied().unwrap_or(0.0);
                // Pooled weights are shares of all answers: here they are among the answers to this question.
                let total: f64 = group.iter().map(|j| weight(*j)).sum();
                group.iter().map(|j| (*j, if total > 0.0 { weight(*j) / total } else { 0.0 })).collect()
            })
        }
    };
    // The left and the right column.
    let shown = Memo::new({
        let table = table.clone();
        move |_| {
            let (mut now, most) = (now(), most());
            if let Some(i) = of_value.get() {
                let rewards = &table.columns[i].rewards;
                let by_reward = |now: &[(usize, f64)], sign: f64| {
                    let mut keyed: Vec<(usize, f64)> =
                        now.iter().enumerate().map(|(at, (j, _))| (at, sign * rewards[*j])).collect();
                    largest_first(&mut keyed, most);
                    keyed.into_iter().take(most).map(|(at, _)| now[at]).collect::<Vec<_>>()
                };
                return [by_reward(&now, 1.0), by_reward(&now, -1.0)];
            }
            largest_first(&mut now, most);
            now.truncate(most);
            [before.get(), now]
        }
    });
    let names: Vec<String> = table.set.values.iter().map(|value| isolated(&value.name)).collect();
    let heads = {
        let names = names.clone();
        move || match of_value.get() {
            Some(i) => [format!("most {}", names[i]), format!("least {}", names[i])],
            None => [
                if weighted {
                    "before: drawn by the weights of the table".to_owned()
                } else {
                    "before: drawn at random, every answer equally likely".to_owned()
                },
                "after: the likeliest under this palette".to_owned(),
            ],
        }
    };
    let column = {
        let table = table.clone();
        move |side: usize| {
            let why = |j: usize| {
                let outcome = page.outcome.get()?;
                let now = side == 1 || of_value.get().is_some();
                (now && outcome.set_id == table.id)
                    .then(|| group.with(|group| pushed(&table, &outcome, group, j)))?
            };
            listed(&table, shown.with(|shown| shown[side].clone()), &why)
        }
    };
    let choose = move |event| of_value.set(event_target_value(&event).parse().ok());
    view! {
        <section class="card answers-card" aria-label="Answers before and after">
            <div class="question">
                <h2>"Answers to"</h2>
                <b class="asked">{move || view! { <Name name=question() /> }}</b>
                <label class="which">
                    <span class="visually-hidden">"Answers shown"</span>
                    <select on:change=choose>
                        <option value="">"before and after"</option>
                        {names
                            .iter()
                            .enumerate()
                            .map(|(i, name)| {
                                view! { <option value=i.to_string()>{format!("most and least {name}")}</option> }
                            })
                            .collect_view()}
                    </select>
                </label>
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
                {[0, 1]
                    .into_iter()
                    .map(|side| {
                        let (heads, column) = (heads.clone(), column.clone());
                        view! {
                            <div>
                                <h3>{move || view! { <Sentence text=heads()[side].clone() /> }}</h3>
                                <ul>{move || column(side)}</ul>
                            </div>
                        }
                    })
                    .collect_view()}
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

/// Brings the `first` of the largest second parts to the front, in order; the rest stays as it comes.
fn largest_first(shares: &mut [(usize, f64)], first: usize) {
    let larger = |a: &(usize, f64), b: &(usize, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if shares.len() > first {
        shares.select_nth_unstable_by(first, larger);
    }
    let first = first.min(shares.len());
    shares[..first].sort_unstable_by(larger);
}

fn listed(
    table: &Arc<Table>,
    answers: Vec<(usize, f64)>,
    why: &dyn Fn(usize) -> Option<String>,
) -> impl IntoView + use<> {
    answers
        .into_iter()
        .map(|(j, share)| {
            let answer = &table.set.answers[j];
            let why = why(j).map(|why| view! { <p class="why">"chance "<Sentence text=why /></p> });
            view! {
                <li>
                    <div>
                        <p>{text_or_number(&answer.text, j)}</p>
                        <NamedBars table=table.clone() rewards=answer.rewards.clone() />
                        {why}
                    </div>
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
    fn the_largest_come_first_and_ties_in_order() {
        let mut shares: Vec<(usize, f64)> = [0.1, 0.3, 0.1, 0.2, 0.3].into_iter().enumerate().collect();
        largest_first(&mut shares, 3);
        assert_eq!(shares[..3], [(1, 0.3), (4, 0.3), (3, 0.2)]);
        largest_first(&mut shares, 9);
        assert_eq!(shares, [(1, 0.3), (4, 0.3), (3, 0.2), (0, 0.1), (2, 0.1)]);
    }
}
