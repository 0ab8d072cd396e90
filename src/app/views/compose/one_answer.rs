//! One question with one answer as the model gives it and as the palette would have it, in sight while a target
//! moves.

use super::pushed::pushed;
use crate::app::format::text_or_number;
use crate::app::state::dice::drawn;
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::views::names::{Name, Sentence};
use crate::app::views::word::Word;
use crate::app::words::CHANCE;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub(super) fn OneAnswer(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let table = StoredValue::new(table);
    let prompt = Memo::new(move |_| table.with_value(|table| page.prompt_shown(table)));
    let question = move || table.with_value(|table| table.set.prompts[prompt.get()].clone());
    let id = table.with_value(|table| table.id);
    let outcome = move || page.outcome.get().filter(|outcome| outcome.set_id == id);
    let one = move |weight: &dyn Fn(usize) -> f64| {
        table.with_value(|table| {
            let group = &table.groups[prompt.get()];
            drawn(page.throw.get(), group.iter().map(|j| (*j, weight(*j))), 1).first().copied()
        })
    };
    let before = Memo::new(move |_| {
        let pooling = table.with_value(|table| page.pooling_in_use(table));
        one(&|j| table.with_value(|table| table.base_share(j, pooling)))
    });
    // Until the next palette is solved the answer under the last one stays.
    let after = Memo::new(move |earlier: Option<&Option<usize>>| match outcome() {
        Some(outcome) => one(&|j| outcome.weights.get(j).copied().unwrap_or(0.0)),
        None => earlier.copied().flatten(),
    });
    let text = move |j: Option<usize>| {
        let j = j?;
        table.with_value(|table| table.set.answers.get(j).map(|answer| text_or_number(&answer.text, j)))
    };
    let why = move || {
        let (outcome, j) = (outcome()?, after.get()?);
        table.with_value(|table| pushed(table, &outcome, &table.groups[prompt.get()], j))
    };
    let same = move || before.get() == after.get();
    view! {
        <section class="card one-answer" aria-label="One answer, before and after">
            <div class="posed">
                <b>{move || view! { <Name name=question() /> }}</b>
                <button
                    type="button"
                    title="Draws from the same question again, before and after by the same dice"
                    on:click=move |_| page.throw.update(|throw| *throw = throw.wrapping_add(1))
                >
                    "Draw again"
                </button>
            </div>
            <div class="pair">
                <div class="was">
                    <h3>"The model answers"</h3>
                    <p tabindex="0" dir="auto">
                        <bdi>{move || text(before.get())}</bdi>
                    </p>
                </div>
                <div class="becomes">
                    <h3>
                        {move || if same() { "With your palette: the same" } else { "With your palette" }}
                    </h3>
                    <p tabindex="0" dir="auto">
                        <bdi>{move || text(after.get())}</bdi>
                    </p>
                    <p class="why">
                        {move || {
                            why()
                                .map(|why| view! { <Word entry=CHANCE short=true />" "<Sentence text=why /> })
                        }}
                    </p>
                </div>
            </div>
        </section>
    }
}
