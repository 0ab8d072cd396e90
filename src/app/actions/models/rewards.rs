//! Fetching how the rewards are measured.

use crate::app::browser::fetch::fetch_text;
use crate::app::state::Page;
use crate::app::state::models::rewards::read;
use leptos::prelude::*;
use std::sync::Arc;

/// Fetches it unless it is there.
pub fn fetch(page: Page) {
    let place = page.models.rewards;
    if place.with_untracked(|rewards| matches!(rewards, Some(Ok(_)))) {
        return;
    }
    place.set(None);
    leptos::task::spawn_local(async move {
        let read = fetch_text("./rewards.json").await.and_then(|text| read(&text));
        place.set(Some(
            read.map(Arc::new)
                .map_err(|why| format!("How the rewards are measured could not be loaded: {why}.")),
        ));
    });
}
