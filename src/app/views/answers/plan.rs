//! How aligning is to go: what the palette is solved for, what that costs, and what to do where it cannot be had.

use crate::app::actions::answers::align;
use crate::app::actions::studies;
use crate::app::format::count;
use crate::app::state::answers::estimate;
use crate::app::state::page;
use crate::app::views::hold::{HoldChoice, in_words};
use leptos::prelude::*;
use palette_study::Drafted;

/// The largest number of answers that the form takes.
const MOST_ANSWERS: usize = 64;

#[component]
pub fn Plan() -> impl IntoView {
    let page = page();
    let choices = page.answers.choices;
    let composed = move || choices.as_composed.get();
    view! {
        <fieldset class="plan">
            <legend>"For Align"</legend>
            <HoldChoice />
            <label class="check">
                <input
                    type="checkbox"
                    disabled=composed
                    prop:checked=move || choices.calibrate.get()
                    on:change=move |event| choices.calibrate.set(event_target_checked(&event))
                />
                <span>"Calibrate: solve again on half of the prompts, judge on the others"</span>
            </label>
            <PlanLine />
            <details>
                <summary>"Which λ"</summary>
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=composed
                        on:change=move |event| choices.as_composed.set(event_target_checked(&event))
                    />
                    <span>"Use the λ that Compose shows, whatever is drawn"</span>
                </label>
                <p class="hint">
                    "Without this λ is solved for choosing one of as many drafts as are drawn to each \
                    prompt. The λ of Compose is for choosing among all answers: with few drafts less \
                    comes out than is asked."
                </p>
            </details>
        </fieldset>
    }
}

#[component]
fn PlanLine() -> impl IntoView {
    let page = page();
    let state = page.answers;
    // The finding before stays in sight, dimmed, until the next one is there.
    let found = Memo::new(move |before: Option<&Option<Result<Drafted, String>>>| {
        page.studies.plan.get().or_else(|| before.cloned().flatten())
    });
    let stale = move || page.studies.plan.with(Option::is_none);
    let wanted =
        Memo::new(move |_| !state.choices.as_composed.get() && studies::plan_question(page).is_some());
    let words = move || {
        found.with(|found| match found {
            Some(Ok(drafted)) => Some(in_words(drafted)),
            _ => None,
        })
    };
    let enough = move || {
        found.with(|found| match found {
            Some(Ok(drafted)) => drafted.enough.filter(|k| *k <= MOST_ANSWERS),
            _ => None,
        })
    };
    let nearest = move || {
        found.with(|found| matches!(found, Some(Ok(drafted)) if drafted.nearest.as_ref().is_some_and(|moves| !moves.is_empty())))
    };
    let deciding = move || {
        found.with(|found| match found {
            Some(Ok(drafted)) => drafted.deciding_prompts,
            _ => None,
        })
    };
    let decide = move || {
        deciding().map(|prompts| {
            let answers = state.samples_per_prompt.get();
            let own = state.own_model.with(|own| own.as_ref().map(|own| own.name.clone()));
            let tokens = prompts * answers * state.max_tokens.get();
            let time = state.measured.with(|all| estimate::time(all, own.as_deref(), tokens));
            let time = time.map_or(String::new(), |time| format!(", {time} at most here"));
            let fresh = prompts.min(align::MOST_FRESH);
            view! {
                <p class="hint">
                    {format!("About {} would tell whether it holds{time}. ", count(prompts, "prompt"))}
                    {(prompts > align::MOST_FRESH)
                        .then_some("With more confidence the margin is larger, and fewer prompts tell. ")}
                    <button type="button" class="small" on:click=move |_| align::use_fresh(page, fresh)>
                        {format!("Use {}", count(fresh, "fresh prompt"))}
                    </button>
                </p>
            }
        })
    };
    let promise = move || {
        (!state.choices.holds.get() && words().is_some())
            .then_some("Solved exactly, a target is met on about every other set of new prompts.")
    };
    view! {
        <Show when=move || wanted.get()>
            <div class="plan-line" role="status" aria-label="Palette for these drafts" class:stale=stale>
                <p>{move || words().unwrap_or_else(|| "Solving…".to_owned())}</p>
                {move || promise().map(|promise| view! { <p class="hint">{promise}</p> })}
                {decide}
                <div class="row">
                    {move || {
                        enough()
                            .map(|k| {
                                view! {
                                    <button
                                        type="button"
                                        on:click=move |_| state.samples_per_prompt.set(k)
                                    >
                                        {format!("Draw {k} answers to each prompt")}
                                    </button>
                                }
                            })
                    }}
                    {move || {
                        nearest()
                            .then(|| {
                                view! {
                                    <button type="button" on:click=move |_| align::take_nearest(page)>
                                        "Take the nearest palette that is reached"
                                    </button>
                                }
                            })
                    }}
                </div>
            </div>
        </Show>
    }
}
