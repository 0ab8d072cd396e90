//! One model: what it is, how much of it the browser holds, and what can be done about it.

use super::words;
use crate::app::actions::models::tasks;
use crate::app::browser::frame::next_frame;
use crate::app::format::{megabytes, nothing_comes};
use crate::app::state::models::tasks::Task;
use crate::app::state::page;
use crate::client::clock;
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The buttons that a row offers now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offer {
    /// Whether something can be loaded, and whether something can be checked or deleted.
    Rest { load: bool, more: bool },
    /// Whether to delete.
    Sure,
    /// A task is at work.
    Busy(Task),
}

#[component]
pub fn Row(id: String) -> impl IntoView {
    let page = page();
    let state = page.models;
    let id = StoredValue::new(id);
    let model = Memo::new(move |_| id.with_value(|id| state.model(id)));
    let Some(about) = model.get_untracked() else { return ().into_any() };
    let work = Memo::new(move |_| state.work.with(|work| id.with_value(|id| work.get(id).cloned())));
    let said = Memo::new(move |_| state.said.with(|said| id.with_value(|id| said.get(id).cloned())));
    let asked = RwSignal::new(false);
    let offer = Memo::new(move |_| {
        if let Some(work) = work.get() {
            return Offer::Busy(work.task);
        }
        let keeps = state.keeps() == Some(true);
        let (stored, all) =
            model.with(|model| model.as_ref().map_or((0, 0), |model| (model.stored_shards, model.shards)));
        if asked.get() && stored > 0 {
            Offer::Sure
        } else {
            Offer::Rest { load: keeps && stored < all, more: keeps && stored > 0 }
        }
    });
    let words = Memo::new(move |_| match work.get() {
        Some(work) if work.cancelling => "stopping".to_owned(),
        Some(work) => match (id.with_value(|id| state.waits_for(id)), work.task) {
            (Some(other), _) => format!("waiting until {other} is done"),
            (None, Task::Load) => "loading".to_owned(),
            (None, Task::Verify) => "being checked".to_owned(),
            (None, Task::Delete) => "being deleted".to_owned(),
        },
        None => model.with(|model| {
            let damaged = state.damaged.with(|damaged| id.with_value(|id| damaged.get(id).cloned()));
            model
                .as_ref()
                .map(|model| words::stored(model, damaged.as_deref(), state.keeps().unwrap_or(true)))
                .unwrap_or_default()
        }),
    });
    let whole = Memo::new(move |_| {
        work.with(Option::is_none) && model.with(|m| m.as_ref().is_some_and(|m| m.stored_shards == m.shards))
    });
    let broken = Memo::new(move |_| {
        work.with(Option::is_none)
            && state.damaged.with(|damaged| id.with_value(|id| damaged.contains_key(id)))
    });
    let moving =
        Memo::new(move |_| work.with(|work| work.as_ref().and_then(|work| work.loading.clone()).is_some()));
    let title = format!("model-{}", about.id);
    let labelled_by = title.clone();
    let moving_name = StoredValue::new(about.name.clone());
    view! {
        <li class="model" aria-labelledby=labelled_by>
            <h3 id=title>{about.name.clone()}</h3>
            <p class="for">{words::purpose(&about.id)}</p>
            <p class="facts">
                <span>{megabytes(about.bytes)}</span>
                <span>{format!("licence {}", about.licence)}</span>
                <span title=about.source.clone()>{words::short_source(&about.source)}</span>
            </p>
            <p class="state" class:whole=move || whole.get() class:broken=move || broken.get() role="status">
                {move || words.get()}
            </p>
            <Show when=move || moving.get()>
                <Moving id name=moving_name.get_value() />
            </Show>
            {move || {
                said.get()
                    .map(|said| {
                        let role = if said.is_error { "alert" } else { "status" };
                        view! {
                            <p class="said" class:error=said.is_error role=role>
                                {said.text}
                            </p>
                        }
                    })
            }}
            <Buttons
                id
                name=about.name
                size=move || model.with(|m| m.as_ref().map_or(0, |m| m.stored_bytes))
                offer
                asked
            />
        </li>
    }
    .into_any()
}

/// How far loading or checking is.
#[component]
fn Moving(id: StoredValue<String>, name: String) -> impl IntoView {
    let state = page().models;
    let work = move || state.work.with(|work| id.with_value(|id| work.get(id).cloned()));
    let loading = move || work().and_then(|work| work.loading);
    // While nothing comes, time goes on.
    let tick = RwSignal::new(());
    StoredValue::new_local(Interval::new(1000, move || tick.set(())));
    let words = move || {
        tick.track();
        let work = work()?;
        let loading = work.loading?;
        let size = format!("{:.0} of {}", loading.bytes as f64 / 1e6, megabytes(loading.total));
        let now = clock::seconds();
        let left = match work.task {
            Task::Load if loading.silent > 0 => Some(nothing_comes(loading.silent)),
            Task::Load if work.pace.is_stuck(now) => Some("waiting for the network".to_owned()),
            Task::Load => {
                work.pace.seconds_for(now, loading.total.saturating_sub(loading.bytes)).map(words::time_left)
            }
            Task::Verify | Task::Delete => None,
        };
        Some(left.map_or(size.clone(), |left| format!("{size}, {left}")))
    };
    let doing = if work().is_some_and(|work| work.task == Task::Verify) { "Checking" } else { "Loading" };
    view! {
        <div class="moving">
            <progress
                aria-label=format!("{doing} {name}")
                max=move || loading().map_or(1, |loading| loading.total.max(1)).to_string()
                value=move || loading().map_or(0, |loading| loading.bytes).to_string()
            ></progress>
            <span class="quiet">{words}</span>
        </div>
    }
}

#[component]
fn Buttons(
    id: StoredValue<String>,
    name: String,
    size: impl Fn() -> u64 + Copy + Send + Sync + 'static,
    offer: Memo<Offer>,
    asked: RwSignal<bool>,
) -> impl IntoView {
    let page = page();
    let place = NodeRef::<leptos::html::Div>::new();
    // The button that takes the focus when the one that had it goes; `None` while the person is elsewhere.
    let next = StoredValue::new(None::<&'static str>);
    Effect::new(move |_| {
        offer.track();
        next_frame(move || follow(place, next.get_value()));
    });
    let start = move |task, then| {
        next.set_value(Some(then));
        asked.set(false);
        id.with_value(|id| tasks::start(page, id, task));
    };
    let ask = move |sure: bool| {
        next.set_value(Some(if sure { "keep" } else { "delete" }));
        asked.set(sure);
    };
    let cancel = move || {
        next.set_value(Some("load"));
        id.with_value(|id| tasks::cancel(page, id));
    };
    let hidden = move |does: &str| view! { <span class="visually-hidden">{format!(" {does} {name}")}</span> };
    let shown = move || {
        let hidden = hidden.clone();
        match offer.get() {
            Offer::Rest { load, more } => view! {
                {load
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="primary"
                                data-does="load"
                                on:click=move |_| start(Task::Load, "cancel")
                            >
                                "Load"
                                {hidden("")}
                            </button>
                        }
                    })}
                {more
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                data-does="verify"
                                on:click=move |_| start(Task::Verify, "verify")
                            >
                                "Verify"
                                {hidden("")}
                            </button>
                            <button type="button" data-does="delete" on:click=move |_| ask(true)>
                                "Delete"
                                {hidden("")}
                            </button>
                        }
                    })}
            }
            .into_any(),
            Offer::Sure => view! {
                <span class="sure" id=format!("sure-{}", id.get_value())>
                    {format!("Delete {}?", megabytes(untrack(size)))}
                </span>
                <button type="button" data-does="yes" on:click=move |_| start(Task::Delete, "load")>
                    "Yes"
                    {hidden("delete")}
                </button>
                <button
                    type="button"
                    data-does="keep"
                    aria-describedby=format!("sure-{}", id.get_value())
                    on:click=move |_| ask(false)
                >
                    "No"
                    {hidden("keep")}
                </button>
            }
            .into_any(),
            Offer::Busy(Task::Delete) => ().into_any(),
            Offer::Busy(_) => view! {
                <button type="button" data-does="cancel" on:click=move |_| cancel()>
                    "Cancel"
                    {hidden("")}
                </button>
            }
            .into_any(),
        }
    };
    let left = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && asked.get_untracked() {
            ask(false);
        }
    };
    view! {
        <div class="buttons" node_ref=place on:keydown=left>
            {shown}
        </div>
    }
}

/// Gives the focus to the button that does `next`, or to the first one, if the one that had it is gone.
fn follow(place: NodeRef<leptos::html::Div>, next: Option<&str>) {
    let (Some(place), Some(next)) = (place.get_untracked(), next) else { return };
    let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
    let find = |which: &str| place.query_selector(which).ok().flatten();
    if lost
        && let Some(button) = find(&format!("[data-does={next}]")).or_else(|| find("button"))
        && let Some(button) = button.dyn_ref::<web_sys::HtmlElement>()
    {
        // Nothing depends on it: the focus then stays with the page.
        let _ = button.focus();
    }
}
