//! Messages to the person: errors and news, each until it is dismissed.

use crate::app::state::page;
use leptos::prelude::*;

#[component]
pub fn Notices() -> impl IntoView {
    let page = page();
    let dismiss = move |id| page.notices.update(|all| all.retain(|notice| notice.id != id));
    view! {
        <div class="notices">
            <For
                each=move || page.notices.get()
                key=|notice| (notice.id, notice.text.clone())
                children=move |notice| {
                    let id = notice.id;
                    view! {
                        <div
                            class="notice"
                            class:error=notice.is_error
                            role=if notice.is_error { "alert" } else { "status" }
                        >
                            <p>{notice.text}</p>
                            <button
                                type="button"
                                aria-label="Dismiss this message"
                                on:click=move |_| dismiss(id)
                            >
                                "×"
                            </button>
                        </div>
                    }
                }
            />
        </div>
    }
}
