//! The rewards of one answer, as small bars beside it.

use crate::app::format::{isolated, level};
use crate::app::state::table::Table;
use leptos::prelude::*;
use std::sync::Arc;

/// Bars beside an answer: more could not be told apart.
const BARS: usize = 12;
/// Standard deviations at which a bar is as long as it gets.
const LONGEST: f64 = 2.5;

/// A tiny signed bar per value: how far the answer lies from the mean of the set, in standard deviations.
#[component]
pub fn RewardBars(table: Arc<Table>, rewards: Vec<f64>) -> impl IntoView {
    let words: Vec<String> = table
        .set
        .values
        .iter()
        .zip(&rewards)
        .take(BARS)
        .map(|(value, reward)| format!("{} {}", isolated(&value.name), level(*reward)))
        .collect();
    let bars = table
        .columns
        .iter()
        .zip(&rewards)
        .take(BARS)
        .enumerate()
        .map(|(i, (column, reward))| {
            let z = if column.standard_deviation > 0.0 {
                ((reward - column.mean) / column.standard_deviation).clamp(-LONGEST, LONGEST)
            } else {
                0.0
            };
            let height = (z.abs() / LONGEST * 12.0).max(1.0);
            let (number, below) = (table.accents[i].number, z < 0.0);
            view! { <u data-accent=number class:below=below style:height=format!("{height:.1}px")></u> }
        })
        .collect_view();
    view! {
        <div class="bars" role="img" aria-label=words.join(", ") title=words.join(", ")>
            {bars}
        </div>
    }
}

/// The same with their names, large enough to read: in which direction and how far from the mean of the set.
#[component]
pub fn NamedBars(table: Arc<Table>, rewards: Vec<f64>) -> impl IntoView {
    let bars = table
        .columns
        .iter()
        .zip(&rewards)
        .take(BARS)
        .enumerate()
        .map(|(i, (column, reward))| {
            let z = if column.standard_deviation > 0.0 {
                (reward - column.mean) / column.standard_deviation
            } else {
                0.0
            };
            let name = isolated(&table.set.values[i].name);
            let words = format!("{name} {} ({} sd)", level(*reward), level(z));
            let spoken = words.clone();
            // From the middle, half the width either way.
            let length = 50.0 * z.abs().min(LONGEST) / LONGEST;
            let left = if z < 0.0 { 50.0 - length } else { 50.0 };
            let accent = &table.accents[i];
            view! {
                <li data-accent=accent.number title=words>
                    <span class="visually-hidden">{spoken}</span>
                    <b aria-hidden="true">{name.clone()}</b>
                    <i aria-hidden="true">
                        <u style:left=format!("{left:.1}%") style:width=format!("{:.1}%", length.max(1.0))></u>
                    </i>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="named-bars">{bars}</ul> }
}
