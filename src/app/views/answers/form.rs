//! The form of a job, how long it will take, and the buttons that start, pause and end it.

use super::heads::Heads;
use super::own_model::OwnModelChoice;
use super::plan::Plan;
use super::prompts::Prompts;
use super::settings::Settings;
use crate::app::actions::answers::{align, jobs, link};
use crate::app::format::count;
use crate::app::state::answers::estimate;
use crate::app::state::answers::jobs::Job;
use crate::app::state::page;
use crate::app::views::names::Sentence;
use leptos::prelude::*;

#[component]
pub fn Form() -> impl IntoView {
    let page = page();
    let state = page.answers;
    let busy = move || state.is_busy();
    let prompts = Memo::new(move |_| state.prompt_list().prompts.len());
    let why_not = Memo::new(move |_| align::why_not_align(page));
    let expected = move || {
        let (prompts, answers) = (prompts.get(), state.samples_per_prompt.get());
        (prompts > 0).then(|| {
            let own = state.own_model.with(|own| own.as_ref().map(|own| own.name.clone()));
            // More workers than prompts have nothing to do.
            let workers = state.workers.get().min(prompts);
            let tokens = prompts * answers * state.max_tokens.get();
            let words =
                state.measured.with(|all| estimate::in_words(all, own.as_deref(), workers, answers, tokens));
            view! {
                <p class="hint expected">
                    {format!("{} × {}. ", count(prompts, "prompt"), count(answers, "answer"))}{words}
                </p>
            }
        })
    };
    let shares =
        move || prompts.get() > 0 && state.own_model.with(Option::is_none) && state.heads.with(Vec::is_empty);
    view! {
        <Prompts />
        <Settings />
        <OwnModelChoice />
        <Heads />
        <Plan />
        <div class="row go">
            <button
                type="button"
                class="primary"
                disabled=busy
                on:click=move |_| jobs::start(page, Job::Generate)
            >
                "Generate"
            </button>
            <button
                type="button"
                class="primary"
                disabled=move || busy() || why_not.with(Option::is_some)
                aria-describedby="why-not-align"
                on:click=move |_| jobs::start(page, Job::Align)
            >
                "Align"
            </button>
            <button
                type="button"
                disabled=move || !busy()
                on:click=move |_| jobs::hold(page, !state.paused.get_untracked())
            >
                {move || if state.paused.get() { "Resume" } else { "Pause" }}
            </button>
            <button type="button" disabled=move || !busy() on:click=move |_| jobs::cancel(page)>
                "Cancel"
            </button>
        </div>
        {expected}
        <Show when=shares>
            <p class="hint">
                <button type="button" class="small" on:click=move |_| link::copy_form(page)>
                    "Copy a link to \
                    these prompts and settings"
                </button>
            </p>
        </Show>
        <div id="why-not-align">
            {move || why_not.get().map(|reason| view! { <p class="hint"><Sentence text=reason /></p> })}
            {move || {
                align::warnings(page)
                    .into_iter()
                    .map(|warning| view! { <p class="warning"><Sentence text=warning /></p> })
                    .collect_view()
            }}
        </div>
    }
}
