//! A word of the field with its explanation at a tap.

use crate::app::state::page;
use crate::app::words::Entry;
use leptos::prelude::*;
use palette_protocol::link::Words;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Tells the explanations of a page apart.
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// The word as the person chose to read it: people's word with the field's beside it, or the field's alone.
#[component]
pub fn Word(
    entry: Entry,
    /// Leaves the field's word to the explanation.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let page = page();
    let id = format!("word-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let exact = move || page.words.get() == Words::Exact;
    let both = entry.plain != entry.exact;
    view! {
        <button type="button" class="term" popovertarget=id.clone()>
            {move || if exact() { entry.exact } else { entry.plain }}
        </button>
        {move || {
            (both && !short && !exact()).then(|| view! { <small class="exact-word">{entry.exact}</small> })
        }}
        <div id=id class="explains" popover="auto">
            <b>{if both { format!("{} ({})", entry.plain, entry.exact) } else { entry.plain.to_owned() }}</b>
            <p>{entry.says}</p>
        </div>
    }
}
