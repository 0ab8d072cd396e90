//! What stands in a view until a sample set is there.

use super::try_again::TryAgain;
use crate::app::actions::table;
use crate::app::state::page;
use leptos::prelude::*;

#[component]
pub fn NoSet() -> impl IntoView {
    let page = page();
    view! {
        <div class="empty">
            {move || match page.built_in_failure.get() {
                None => view! { <p role="status">"Loading the sample set…"</p> }.into_any(),
                Some(reason) => {
                    view! { <TryAgain reason again=move || table::fetch_built_in(page) /> }.into_any()
                }
            }}
        </div>
    }
}
