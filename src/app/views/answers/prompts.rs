//! Prompts: typed, pasted, from a file, or out of the built-in sets.

use crate::app::actions::answers::prompts;
use crate::app::actions::answers::topics::{self, TOPICS};
use crate::app::format::count;
use crate::app::state::page;
use crate::app::views::chosen_file::chosen_file;
use crate::app::views::number_field::{Limits, NumberField, Wrong, WrongNumber};
use leptos::prelude::*;

#[component]
pub fn Prompts() -> impl IntoView {
    let page = page();
    let state = page.answers;
    let repeated = move || state.prompt_list().repeated;
    let typed = move |event| state.prompts.set(event_target_value(&event));
    view! {
        <label class="prompts">
            <span>"Prompts"</span>
            <textarea
                rows="6"
                placeholder="One prompt a line"
                prop:value=move || state.prompts.get()
                on:input=typed
            ></textarea>
        </label>
        {move || {
            let repeated = repeated();
            (repeated > 0)
                .then(|| {
                    view! {
                        <p class="hint">
                            {format!(
                                "{} left out: every prompt is answered \
                once.",
                                count(repeated, "repeated prompt"),
                            )}
                        </p>
                    }
                })
        }}
        {move || {
            state
                .prompts_before
                .get()
                .map(|before| {
                    let back = move |_| {
                        state
                            .prompts_before
                            .set(Some(state.prompts.get_untracked()).filter(|text| !text.trim().is_empty()));
                        state.prompts.set(before.clone());
                    };
                    // Nothing is lost: these are kept for another change of mind.
                    view! {
                        <p class="hint">
                            "The prompts from before were replaced. "
                            <button type="button" class="small" on:click=back>
                                "Have them back"
                            </button>
                        </p>
                    }
                })
        }}
        <BuiltIn />
        <OpenFile />
    }
}

/// A choice of topic, and buttons that take prompts of it; each press takes those that follow.
#[component]
fn BuiltIn() -> impl IntoView {
    let page = page();
    let state = page.answers;
    let chosen = RwSignal::new(TOPICS[0].0);
    let many = RwSignal::new(4usize);
    let used = StoredValue::new(std::collections::BTreeMap::<&'static str, usize>::new());
    let take = move |add: bool| {
        let (key, many) = (chosen.get_untracked(), many.get_untracked());
        leptos::task::spawn_local(async move {
            let topic = match topics::topic(page, key).await {
                Ok(topic) => topic,
                Err(reason) => {
                    page.notify_error(format!(
                        "The {key} prompts could not be had: {reason}. Type prompts of your own, one a line."
                    ));
                    return;
                }
            };
            let all = topic.prompts.len();
            let from = used.try_with_value(|used| used.get(key).copied()).flatten().unwrap_or(0);
            let taken = topic.prompts.iter().cycle().skip(from % all).take(many.min(all)).cloned();
            used.try_update_value(|used| used.insert(key, from + many));
            if add {
                let before = state.prompts.get_untracked();
                let lines = before.lines().map(str::to_owned).filter(|line| !line.trim().is_empty());
                state.prompts.set(lines.chain(taken).collect::<Vec<_>>().join("\n"));
            } else {
                state.replace_prompts(&taken.collect::<Vec<_>>());
            }
        });
    };
    let choose = move |event| {
        let key = event_target_value(&event);
        if let Some((key, _)) = TOPICS.iter().find(|(known, _)| *known == key) {
            chosen.set(key);
        }
    };
    let wrong = Wrong::new();
    let typed = move |(number,): (f64,)| {
        many.set(number as usize);
        Ok(())
    };
    view! {
        <div class="row topics" role="group" aria-label="Built-in prompts">
            <select aria-label="Topic" on:change=choose prop:value=move || chosen.get()>
                {TOPICS
                    .iter()
                    .map(|(key, name)| view! { <option value=*key>{*name}</option> })
                    .collect_view()}
            </select>
            <NumberField
                label=Signal::stored("How many prompts to take".to_owned())
                shown=Signal::derive(move || many.get().to_string())
                step=Signal::stored(1.0)
                limits=Limits::whole(1.0, 64.0)
                take=Callback::new(typed)
                wrong
            />
            <button type="button" on:click=move |_| take(false)>
                {move || format!("Use {}", count(many.get(), "prompt"))}
            </button>
            <button type="button" on:click=move |_| take(true)>
                {move || format!("Add {}", many.get())}
            </button>
            <WrongNumber wrong />
        </div>
    }
}

#[component]
fn OpenFile() -> impl IntoView {
    let page = page();
    let chosen = move |event: leptos::ev::Event| {
        if let Some(file) = chosen_file(&event) {
            leptos::task::spawn_local(async move {
                if let Err(message) = prompts::open(page, file).await {
                    page.notify_error(message);
                }
            });
        }
    };
    view! {
        <label class="pick-file">
            <span>"Prompts from a file"</span>
            <input
                type="file"
                accept=".txt,.csv,.tsv,.json,.jsonl,text/plain,text/csv,application/json"
                on:change=chosen
            />
        </label>
    }
}
