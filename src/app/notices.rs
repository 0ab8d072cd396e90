//! Messages to the person: errors and news, each until it is dismissed.

use super::state::page;
use leptos::prelude::*;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: usize,
    pub is_error: bool,
    pub text: String,
}

impl Notice {
    /// Adds a message unless it is shown already; news replaces older news.
    pub fn push(notices: RwSignal<Vec<Notice>>, is_error: bool, text: String) {
        notices.update(|all| {
            if !is_error {
                all.retain(|notice| notice.is_error);
            }
            all.retain(|notice| notice.text != text);
            let id = all.iter().map(|notice| notice.id).max().unwrap_or(0) + 1;
            all.push(Notice { id, is_error, text });
        });
    }
}

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
                        <div class="notice" class:error=notice.is_error role=if notice.is_error { "alert" } else { "status" }>
                            <p>{notice.text}</p>
                            <button type="button" aria-label="Dismiss this message" on:click=move |_| dismiss(id)>"×"</button>
                        </div>
                    }
                }
            />
        </div>
    }
}
