//! Studies: the open questions of the paper, each tried on the table at hand.
//!
//! Another card takes: a study in `palette_study::studies` (a type that is done in steps, a variant of the
//! question and one of the report); a [`StudyRun`](crate::app::state::table_studies::StudyRun) in the page's
//! state, named in its `all`; and here a component that says what would be asked now and draws the report
//! within a [`StudyCard`](card::StudyCard). Running, progress, giving up, the sentences, the time and the files
//! are the card's.

mod card;
mod interactions;
mod log_chart;
mod paper;
mod scaling;
mod shape;
mod solvers;
mod table;
mod transfer;

use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::views::no_set::NoSet;
use leptos::prelude::*;
use palette_study::Pooling;
use std::sync::Arc;

#[component]
pub fn Studies() -> impl IntoView {
    let page = page();
    view! {
        <div class="studies">
            <p class="lead">
                "What the paper leaves open, tried on the sample set in use. A study runs beside what you \
                compose; its numbers can be saved."
            </p>
            {move || match page.table.get() {
                Some(table) => view! { <Cards table /> }.into_any(),
                None => view! { <NoSet /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Cards(table: Arc<Table>) -> impl IntoView {
    view! {
        <shape::ShapeCard table=table.clone() />
        <interactions::InteractionsCard table=table.clone() />
        <transfer::TransferCard table=table.clone() />
        <solvers::SolversCard table=table.clone() />
        <scaling::ScalingCard />
        <paper::PaperCard table />
    }
}

/// `“Everyday questions” (68 questions × 32 answers, competing per prompt)`.
fn set_in_words(table: &Table, pooling: Pooling) -> String {
    let compete = match pooling {
        Pooling::PerPrompt => "competing per prompt",
        Pooling::Pooled => "pooled",
    };
    format!("“{}” ({}, {compete})", table.set.name, table.shape())
}
