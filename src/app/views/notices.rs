//! Messages to the person: errors and news, each until it is dismissed. A few stand there, more at a press.

use super::names::Sentence;
use crate::app::actions::{kept, link};
use crate::app::browser::download;
use crate::app::format::count;
use crate::app::state::{Notice, Offer, page};
use leptos::prelude::*;

/// So many messages stand above the page; the newest.
const SHOWN: usize = 3;

#[component]
pub fn Notices() -> impl IntoView {
    let page = page();
    let all_shown = RwSignal::new(false);
    let many = move || page.notices.with(Vec::len);
    let each = move || {
        let hidden = if all_shown.get() { 0 } else { many().saturating_sub(SHOWN) };
        page.notices.with(|all| all[hidden..].to_vec())
    };
    view! {
        <div class="notices">
            <For
                each
                key=|notice| (notice.id, notice.text.clone())
                children=move |notice| view! { <OneNotice notice /> }
            />
            <Show when=move || { many() > SHOWN }>
                <p class="more">
                    <button
                        type="button"
                        class="small"
                        aria-expanded=move || all_shown.get().to_string()
                        on:click=move |_| all_shown.update(|all| *all = !*all)
                    >
                        {move || {
                            if all_shown.get() {
                                "Show fewer".to_owned()
                            } else {
                                format!("Show all {}", count(many(), "message"))
                            }
                        }}
                    </button>
                    <button
                        type="button"
                        class="small"
                        on:click=move |_| {
                            page.notices.set(Vec::new());
                            all_shown.set(false);
                        }
                    >
                        "Dismiss all"
                    </button>
                </p>
            </Show>
        </div>
    }
}

#[component]
fn OneNotice(notice: Notice) -> impl IntoView {
    let page = page();
    let Notice { id, is_error, text, times, offer, .. } = notice;
    let dismiss = move || page.notices.update(|all| all.retain(|notice| notice.id != id));
    let offered = offer.map(|offer| match offer {
        Offer::Copy { words, text } => {
            let copy = move |_| link::copy(page, text.clone(), "Copied.");
            view! {
                <button type="button" on:click=copy>
                    {words}
                </button>
            }
            .into_any()
        }
        Offer::Save { name, text } => {
            let save = move |_| {
                if !download::save(&name, &text) {
                    page.notify_error(format!("This browser did not let the page save {name}."));
                }
            };
            view! {
                <button type="button" on:click=save>
                    "Download it"
                </button>
            }
            .into_any()
        }
        Offer::StartAfresh => view! {
            <button type="button" on:click=move |_| kept::start_afresh(page)>
                "Start afresh"
            </button>
        }
        .into_any(),
        Offer::Damaged { key } => {
            let (download, delete) = (key.clone(), key);
            let delete = move |_| {
                kept::delete_damaged(page, delete.clone());
                dismiss();
            };
            view! {
                <button type="button" on:click=move |_| kept::download_damaged(page, download.clone())>
                    "Download it"
                </button>
                <button type="button" on:click=delete>
                    "Delete it"
                </button>
            }
            .into_any()
        }
    });
    view! {
        <div class="notice" class:error=is_error role=if is_error { "alert" } else { "status" }>
            <p>
                <Sentence text />
                {(times > 1).then(|| view! { <small class="quiet">{format!(" ({times} times)")}</small> })}
            </p>
            <span class="offers">
                {offered}
                <button type="button" aria-label="Dismiss this message" on:click=move |_| dismiss()>
                    "×"
                </button>
            </span>
        </div>
    }
}
