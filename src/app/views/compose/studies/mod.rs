//! A closer look at the palette on show: prices, drafts, one value after another, and how far to trust it.

mod disclosure;
mod drafts;
mod lab;
mod price;
mod prices;
mod sequence;
pub mod trust;
mod why_not;
mod why_words;

pub use disclosure::Disclosure;
pub use lab::solver_name;
pub use prices::price_in_words;

use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::views::hold::HoldLine;
use leptos::prelude::*;
use palette_lessons::Part;
use palette_study::Verdict;
use std::sync::Arc;

/// The parts that stand in this card.
pub const PARTS: [Part; 6] =
    [Part::Hold, Part::WhyNot, Part::Prices, Part::Drafts, Part::Sequence, Part::Lab];

#[component]
pub fn LookCloser(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let studies = page.studies;
    let stored = || StoredValue::new(table.clone());
    let (for_prices, for_price, for_drafts) = (stored(), stored(), stored());
    let out_of_reach = Memo::new(move |_| {
        page.outcome.with(|outcome| {
            outcome.as_ref().is_some_and(|outcome| outcome.report.verdict == Verdict::Unreachable)
        })
    });
    let why_not = move || {
        let table = table.clone();
        (out_of_reach.get() && page.shows(Part::WhyNot)).then(move || {
            view! {
                <Disclosure name="Why not both?" id="why-not" open=studies.why_not_open>
                    <why_not::WhyNot table=table.clone() />
                </Disclosure>
            }
        })
    };
    view! {
        <section class="card closer" aria-label="Look closer">
            <h2>"Look closer"</h2>
            <Show when=move || page.shows(Part::Hold)>
                <HoldLine />
            </Show>
            {why_not}
            <Show when=move || page.shows(Part::Prices)>
                <Disclosure name="Prices" id="prices" open=studies.prices_open>
                    <prices::Prices table=for_prices.get_value() />
                </Disclosure>
            </Show>
            <Show when=move || page.shows(Part::Prices)>
                <Disclosure name="Price of one target" id="price" open=studies.price_open>
                    <price::Price table=for_price.get_value() />
                </Disclosure>
            </Show>
            <Show when=move || page.shows(Part::Drafts)>
                <Disclosure name="With k drafts" id="drafts" open=studies.drafts_open>
                    <drafts::Drafts table=for_drafts.get_value() />
                </Disclosure>
            </Show>
            <Show when=move || page.shows(Part::Sequence)>
                <Disclosure name="One value after another" id="sequence" open=studies.sequences_open>
                    <sequence::Sequence />
                </Disclosure>
            </Show>
            <Show when=move || page.shows(Part::Lab)>
                <Disclosure name="Solver lab" id="lab" open=studies.lab_open>
                    <lab::SolverLab />
                </Disclosure>
            </Show>
        </section>
    }
}
