//! The room that the browser gives this page, and whether it promises to keep what is there.

use super::words::size;
use crate::app::actions::models::storage;
use crate::app::browser::storage::{Persistence, Room};
use crate::app::state::page;
use leptos::prelude::*;

#[component]
pub fn StorageCard() -> impl IntoView {
    let page = page();
    let state = page.models;
    let room = Memo::new(move |_| state.storage.get().room);
    let persistence = Memo::new(move |_| state.storage.get().persistence);
    let keeps = Memo::new(move |_| state.keeps() != Some(false));
    view! {
        <section class="card" aria-labelledby="storage-title">
            <h2 id="storage-title">"Storage"</h2>
            {move || match (keeps.get(), room.get()) {
                (false, _) => {
                    view! {
                        <p>
                            "The page cannot store anything here, so nothing can be kept and \
                            nothing needs to be deleted."
                        </p>
                    }
                        .into_any()
                }
                (true, Room::Asking) => view! { <p role="status">"Asking the browser…"</p> }.into_any(),
                (true, Room::Untold) => {
                    view! {
                        <p>
                            "This browser does not tell how much room the page uses \
                            or may use."
                        </p>
                    }
                        .into_any()
                }
                (true, Room::Known { used, allowed }) => view! { <Used used allowed /> }.into_any(),
            }}
            {move || keeps.get().then(|| view! { <Keeping persistence /> })}
        </section>
    }
}

#[component]
fn Used(used: f64, allowed: f64) -> impl IntoView {
    let share = if allowed > 0.0 { (used / allowed).clamp(0.0, 1.0) } else { 0.0 };
    let words = format!("{} used of {} allowed", size(used), size(allowed));
    view! {
        <p class="used">
            <b>{size(used)}</b>
            " used of "
            {size(allowed)}
            " that the browser allows"
        </p>
        <div
            class="room"
            role="meter"
            aria-label="Storage used"
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=format!("{:.1}", 100.0 * share)
            aria-valuetext=words
        >
            <span style:width=format!("{:.2}%", 100.0 * share)></span>
        </div>
        <p class="hint">
            "All that this address keeps: the models, and the page itself for use without a \
            network. The browser rounds these figures."
        </p>
    }
}

#[component]
fn Keeping(persistence: Memo<Persistence>) -> impl IntoView {
    let page = page();
    let line = NodeRef::<leptos::html::P>::new();
    let press = move |_| {
        // The button may go with the answer; the focus goes to what it led to.
        if let Some(line) = line.get_untracked() {
            let _ = line.focus();
        }
        storage::ask(page);
    };
    let words = move || match persistence.get() {
        Persistence::Asking => "",
        Persistence::Given => "Granted: the browser keeps these files until you delete them.",
        Persistence::NotYet => "As it is, the browser may clear these files when its disk runs short.",
        Persistence::Refused => {
            "Not granted: the browser may still clear these files when its disk runs short. It agrees more \
                readily to a page that is installed, bookmarked or often used."
        }
        Persistence::None => {
            "Not available: this browser cannot be asked to keep the files; it may clear them when its disk \
                runs short."
        }
    };
    view! {
        <p role="status" tabindex="-1" node_ref=line>
            {words}
        </p>
        <Show when=move || matches!(persistence.get(), Persistence::NotYet | Persistence::Refused)>
            <button type="button" on:click=press>
                "Ask the browser to keep these files"
            </button>
        </Show>
    }
}
