//! A closer look at the palette on show: prices, drafts, one value after another, and how far to trust it.

mod drafts;
mod prices;
mod sequence;
pub mod trust;

pub use prices::price_in_words;

use crate::app::state::page;
use crate::app::state::table::Table;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn LookCloser(table: Arc<Table>) -> impl IntoView {
    let studies = page().studies;
    let (for_prices, for_drafts) = (table.clone(), table);
    view! {
        <section class="card closer" aria-label="Look closer">
            <h2>"Look closer"</h2>
            <Disclosure name="Prices" id="prices" open=studies.prices_open>
                <prices::Prices table=for_prices.clone()/>
            </Disclosure>
            <Disclosure name="With k drafts" id="drafts" open=studies.drafts_open>
                <drafts::Drafts table=for_drafts.clone()/>
            </Disclosure>
            <Disclosure name="One value after another" id="sequence" open=studies.sequences_open>
                <sequence::Sequence/>
            </Disclosure>
        </section>
    }
}

/// A button that opens what is made only then.
#[component]
fn Disclosure(#[prop(into)] name: String, id: &'static str, open: RwSignal<bool>, children: ChildrenFn) -> impl IntoView {
    let id = format!("closer-{id}");
    view! {
        <div class="disclosure">
            <button
                type="button"
                aria-expanded=move || open.get().to_string()
                aria-controls=id.clone()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {name}
            </button>
            <div id=id.clone() class="inside" hidden=move || !open.get()>
                {move || open.get().then(|| children())}
            </div>
        </div>
    }
}
