//! Everything that leaves Compose, in one place.

use super::studies::Disclosure;
use crate::app::actions::{away, export};
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::views::names::Sentence;
use leptos::prelude::*;
use palette_study::Verdict;
use palette_study::away::Form;
use std::sync::Arc;

#[component]
pub fn TakeAway(table: Arc<Table>) -> impl IntoView {
    let page = page();
    view! {
        <section class="card closer take-away" aria-label="Take away">
            <Disclosure name="Take away" id="away" open=page.away.open>
                <Menu table=table.clone() />
            </Disclosure>
        </section>
    }
}

#[component]
fn Menu(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let (for_command, for_set) = (table.clone(), table);
    // A reward has to be there for a definition of one.
    let not_reachable = Memo::new(move |_| {
        page.outcome.with(|outcome| outcome.as_ref().is_some_and(|o| o.report.verdict != Verdict::Reachable))
    });
    let take = move |form: Form| move |_| away::take(page, form);
    let busy = move || page.away.making.with(Option::is_some);
    let button = move |words: &'static str, form: Form| {
        view! {
            <button
                type="button"
                aria-disabled=move || busy().then_some("true")
                on:click=take(form)
            >
                {words}
            </button>
        }
    };
    view! {
        <h3>"To read"</h3>
        <div class="row">{button("Report (HTML)", Form::Report)}</div>
        <p class="hint">"Palette, verdict with proof, levels, price and pictures on pages that print on A4."</p>
        <h3>"To compute with"</h3>
        <div class="row">
            {button("Solution as JSON", Form::Solution)} {button("Weights as CSV", Form::Weights)}
            <button type="button" on:click=move |_| export::json(page, &for_set.set)>
                "Its table as JSON"
            </button>
        </div>
        <div class="row">
            <button type="button" on:click=move |_| away::copy_command(page, &for_command)>
                "Copy as “palette solve …”"
            </button>
        </div>
        <h3>"To train with: the reward and β"</h3>
        <div class="row">
            {button("TRL", Form::Trl)} {button("OpenRLHF", Form::OpenRlhf)} {button("verl", Form::Verl)}
        </div>
        <p class="hint">
            "Training with reward β·Σ λᵢ·rᵢ and KL coefficient β ends at this palette, whatever β is."
            {move || {
                not_reachable
                    .get()
                    .then_some(" This palette has no finite λ: the file has that of the palette scaled back, and says so.")
            }}
        </p>
        <h3>"Picture of all strips"</h3>
        <div class="row">
            {button("Strips as SVG", Form::Strips)}
            <button
                type="button"
                aria-disabled=move || busy().then_some("true")
                on:click=move |_| away::take_strips_as_png(page)
            >
                "Strips as PNG"
            </button>
        </div>
        <p class="note" role="status" aria-label="What was taken away">
            {move || {
                let text = page.away.said.get();
                (!text.is_empty()).then(|| view! { <Sentence text /> })
            }}
        </p>
    }
}
