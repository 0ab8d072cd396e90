//! Models: which this browser holds, what room they take, and how the rewards made with them are measured.

mod carried;
mod list;
mod rewards;
mod row;
mod storage;
mod words;

use crate::app::actions::models;
use crate::app::browser::events::on_window;
use crate::app::state::page;
use leptos::prelude::*;

#[component]
pub fn Models() -> impl IntoView {
    let page = page();
    // A job of the Answers view loads models too: asked now, and again whenever one starts or ends.
    Effect::new(move |_| {
        page.answers.job.track();
        models::tasks::refresh(page);
    });
    on_window("visibilitychange", move |_: &web_sys::Event| {
        if !document().hidden() {
            models::tasks::refresh(page);
        }
    });
    models::rewards::fetch(page);
    view! {
        <div class="model-view">
            {match page.models.carried.file.get_value() {
                Some(file) => view! { <carried::CarriedModels file /> }.into_any(),
                None => view! {
                    <list::List />
                    <storage::StorageCard />
                }
                .into_any(),
            }}
            <rewards::RewardsCard />
        </div>
    }
}
