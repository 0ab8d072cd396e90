//! The mix of reward weights, made comparable by each value's standard deviation.

use crate::app::format::{isolated, percent};
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::views::word::Word;
use crate::app::words::MIX;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn MixCard(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let shares = {
        let table = table.clone();
        move || -> Option<Vec<(usize, f64)>> {
            page.outcome.with(|outcome| {
                let outcome = outcome.as_ref().filter(|outcome| outcome.set_id == table.id)?;
                let parts: Option<Vec<f64>> = outcome
                    .report
                    .values
                    .iter()
                    .map(|value| value.lambda.map(|lambda| lambda.abs() * value.standard_deviation))
                    .collect();
                let parts = parts?;
                let total: f64 = parts.iter().sum();
                // Less is the rounding of the solver.
                let share = |part: f64| if total > 1e-6 { part / total } else { 0.0 };
                Some(parts.into_iter().map(share).enumerate().filter(|(_, share)| *share > 0.0).collect())
            })
        }
    };
    let picture = move || match shares() {
        None if page.outcome.with(Option::is_none) => view! { <p class="quiet">"–"</p> }.into_any(),
        None => {
            view! { <p class="quiet">"No weights reach this palette: λ grows without bound."</p> }.into_any()
        }
        Some(shares) if shares.is_empty() => {
            view! { <p class="quiet">"All weights are 0: nothing needs to change."</p> }.into_any()
        }
        Some(shares) => {
            let words: Vec<String> = shares
                .iter()
                .map(|(i, share)| format!("{} {}", isolated(&table.set.values[*i].name), percent(*share)))
                .collect();
            let bars = shares
                .iter()
                .map(|(i, share)| {
                    let accent = &table.accents[*i];
                    let letters = if *share > 0.07 { accent.letters.clone() } else { String::new() };
                    let width = format!("{:.2}%", 100.0 * share);
                    let title = format!("{} {}", isolated(&table.set.values[*i].name), percent(*share));
                    view! {
                        <span data-accent=accent.number style:width=width title=title>
                            <i>{letters}</i>
                        </span>
                    }
                })
                .collect_view();
            view! {
                <div class="mix" role="img" aria-label=words.join(", ")>
                    {bars}
                </div>
            }
            .into_any()
        }
    };
    view! {
        <div class="card mix-card">
            <h2>
                <Word entry=MIX short=true />
            </h2>
            {picture}
        </div>
    }
}
