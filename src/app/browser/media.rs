//! Media queries that are followed.

use super::events::on_change;
use gloo_utils::window;
use leptos::prelude::*;

/// Whether the media query holds, for as long as the component lives that calls this; `false` where the
/// browser does not understand it.
pub fn follow(query: &str) -> ReadSignal<bool> {
    let found = window().match_media(query).ok().flatten();
    let (holds, set_holds) = signal(found.as_ref().is_some_and(|list| list.matches()));
    if let Some(list) = found {
        let now = list.clone();
        on_change(&list, move || set_holds.set(now.matches()));
    }
    holds
}
