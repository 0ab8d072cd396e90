//! Whether a palette is to hold on new prompts, and what that takes.

use crate::app::actions::studies;
use crate::app::format::{count, drafts, field, number};
use crate::app::state::answers::plan::hold;
use crate::app::state::page;
use crate::app::views::number_field::{Limits, NumberField, Wrong, WrongNumber};
use leptos::prelude::*;
use palette_study::{Drafted, Verdict};

/// `Hold on new prompts with 90% confidence`, in Compose and in Answers alike.
#[component]
pub fn HoldChoice() -> impl IntoView {
    let choices = page().answers.choices;
    let wrong = Wrong::new();
    let typed = move |(percent,): (f64,)| {
        choices.confidence.set(percent / 100.0);
        Ok(())
    };
    view! {
        <div class="hold">
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || choices.holds.get()
                    on:change=move |event| choices.holds.set(event_target_checked(&event))
                />
                <span>"Hold with"</span>
            </label>
            <NumberField
                label=Signal::stored("Confidence in percent".to_owned())
                shown=Signal::derive(move || field(100.0 * choices.confidence.get(), 1))
                step=Signal::stored(5.0)
                limits=Limits { low: Some(50.0), high: Some(99.0), whole: false }
                take=Callback::new(typed)
                wrong
            />
            <span>"% confidence on new prompts"</span>
            <WrongNumber wrong />
        </div>
    }
}

/// What the palette takes when one of so many drafts is chosen.
pub fn in_words(drafted: &Drafted) -> String {
    let holding = drafted.hold.map_or(String::new(), |hold| {
        format!(
            ", each target to hold on {} with {:.0}% confidence",
            count(hold.prompts, "new prompt"),
            100.0 * hold.confidence
        )
    });
    let k = count(drafted.k, "draft");
    match (drafted.verdict, drafted.kl) {
        (Verdict::Reachable, Some(kl)) => {
            let without = drafted.hold.and(drafted.kl_without_margin).map_or(String::new(), |plain| {
                format!("; without the margins {} nats, {}", number(plain), drafts(plain.exp()))
            });
            format!(
                "Choosing one of {k}{holding}: reachable, for {} nats of at most {}, {} drafts{without}.",
                number(kl),
                number(drafted.largest_kl),
                drafts(kl.exp())
            )
        }
        (Verdict::Edge, _) => {
            format!("Choosing one of {k}{holding}: on the edge, only approached as λ grows.")
        }
        _ => format!(
            "Choosing one of {k}{holding}: out of reach.{}",
            match drafted.enough {
                Some(enough) => format!(" {} reach it.", count(enough, "draft")),
                None => " As many drafts as the set has do not reach it.".to_owned(),
            }
        ),
    }
}

/// What Compose says of holding, where that is asked.
#[component]
pub fn HoldLine() -> impl IntoView {
    let page = page();
    let asked = Memo::new(move |_| {
        hold(page.answers.choices, page.answers.prompt_list().prompts.len()).is_some()
            && studies::plan_question(page).is_some()
    });
    let words = move || match page.studies.plan.get() {
        Some(Ok(drafted)) => in_words(&drafted),
        Some(Err(message)) => message,
        None => "Solving…".to_owned(),
    };
    view! {
        <div class="holding">
            <HoldChoice />
            <Show when=move || asked.get()>
                <p role="status" aria-label="Holding on new prompts">
                    {words}
                </p>
            </Show>
        </div>
    }
}
