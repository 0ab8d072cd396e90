//! How far the job is, as a whole.

use crate::app::format::{count, duration, megabytes, nothing_comes};
use crate::app::state::answers::estimate::seconds_left;
use crate::app::state::answers::jobs::Task;
use crate::app::state::page;
use leptos::prelude::*;

#[component]
pub fn Progress() -> impl IntoView {
    let state = page().answers;
    let loading = Memo::new(move |_| state.loading.with(Option::is_some));
    // Said aloud when it changes, and only then.
    let doing = Memo::new(move |_| match (state.paused.get(), loading.get(), state.ready.get()) {
        (true, _, _) => "Paused. What is drawn so far is kept; Resume goes on.",
        (false, true, _) => "Loading the models…",
        (false, false, 0) => "Starting…",
        (false, false, _) => "Drawing answers…",
    });
    view! {
        <Show when=move || state.is_busy()>
            <section class="card" aria-label="Progress">
                <p class="doing" role="status">
                    {doing}
                </p>
                <Show when=move || loading.get()>
                    <LoadingBar />
                </Show>
                <Show when=move || state.ready.get() != 0>
                    <Drawing />
                </Show>
            </section>
        </Show>
    }
}

#[component]
fn LoadingBar() -> impl IntoView {
    let state = page().answers;
    let loading = move || state.loading.get().map(|shown| shown.loading);
    let words = move || {
        state.loading.get().map(|shown| {
            let (loading, (since, had)) = (shown.loading, shown.since);
            let from =
                if loading.from_cache { "from this browser's cache" } else { "over the network, once" };
            let seconds = (js_sys::Date::now() - since) / 1000.0;
            let new = loading.bytes.saturating_sub(had) as f64;
            let left = loading.total.saturating_sub(loading.bytes) as f64;
            let time = if loading.silent > 0 {
                format!(" · {}", nothing_comes(loading.silent))
            } else if seconds > 1.0 && new > 0.0 && left > 0.0 {
                format!(" · {} left", duration(left * seconds / new))
            } else {
                String::new()
            };
            format!(
                "{}, {from}: {} of {}{time}",
                loading.what,
                megabytes(loading.bytes),
                megabytes(loading.total)
            )
        })
    };
    view! {
        <p class="quiet">{words}</p>
        <progress
            aria-label="Loading models"
            max=move || loading().map_or(1.0, |loading| loading.total.max(1) as f64).to_string()
            value=move || loading().map_or(0.0, |loading| loading.bytes as f64).to_string()
        ></progress>
    }
}

#[component]
fn Drawing() -> impl IntoView {
    let state = page().answers;
    let all = move || state.rows.with(Vec::len);
    // Moves with the tokens: a prompt can take minutes.
    let reached = move || {
        state.tally.track();
        let under_way = state.task.with_value(|task| task.as_ref().map_or(0.0, Task::under_way));
        match state.settled.get() {
            // What several workers have begun does not read as a prompt that is finished.
            0 => under_way.min(0.99),
            settled => (settled as f64 + under_way).min(all() as f64),
        }
    };
    let words = move || {
        let tally = state.tally.get();
        let settled = state.settled.get();
        let rate = if tally.seconds > 0.2 {
            format!(" · {:.0} tokens a second", tally.tokens as f64 / tally.seconds)
        } else {
            String::new()
        };
        let left = state.task.with_value(|task| task.as_ref().map_or(0, |task| task.tokens_left()));
        let time = seconds_left(left, tally)
            .filter(|_| left > 0)
            .map(|seconds| format!(" · at most {} left", duration(seconds)));
        format!(
            "{settled} of {} · {} tokens{rate}{} · {}",
            count(all(), "prompt"),
            tally.tokens,
            time.unwrap_or_default(),
            count(state.ready.get(), "worker")
        )
    };
    view! {
        <p class="quiet">{words}</p>
        <progress
            aria-label="Prompts answered"
            max=move || all().max(1).to_string()
            value=move || format!("{:.3}", reached())
        ></progress>
    }
}
