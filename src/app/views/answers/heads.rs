//! Values from outside: reward heads trained elsewhere.

use crate::app::actions::answers::heads;
use crate::app::state::answers::Head;
use crate::app::state::page;
use crate::app::views::chosen_file::chosen_file;
use crate::app::views::names::{Name, Sentence};
use leptos::prelude::*;

#[component]
pub fn Heads() -> impl IntoView {
    let page = page();
    let state = page.answers;
    let chosen = move |event: leptos::ev::Event| {
        if let Some(file) = chosen_file(&event) {
            leptos::task::spawn_local(async move {
                if let Err(message) = heads::open(page, file).await {
                    page.notify_error(message);
                }
            });
        }
    };
    view! {
        <details>
            <summary>"Values from outside"</summary>
            <p class="hint">
                "A head that you trained on the page's sentence embedding adds a value to the answers drawn \
                    from now on (safetensors or JSON; docs/heads.md says what it holds). A value can also come \
                    as a column of a table: export a sample set as CSV, add the column, and open it again in Data."
            </p>
            <label class="pick-file">
                <span>"Reward head (safetensors or JSON)"</span>
                <input
                    type="file"
                    accept=".safetensors,.json"
                    disabled=move || state.is_busy()
                    on:change=chosen
                />
            </label>
            <ul class="heads" aria-label="Added values">
                <For
                    each=move || state.heads.get()
                    key=|head| head.value.name.clone()
                    children=move |head| view! { <HeadRow head /> }
                />
            </ul>
            {move || {
                state
                    .scoring
                    .get()
                    .map(|words| {
                        view! {
                            <p class="hint" role="status">
                                <Sentence text=words />
                            </p>
                        }
                    })
            }}
        </details>
    }
}

#[component]
fn HeadRow(head: Head) -> impl IntoView {
    let page = page();
    let state = page.answers;
    let name = head.value.name.clone();
    let unit = if head.value.unit.is_empty() { "unit not said".to_owned() } else { head.value.unit.clone() };
    let remove = {
        let name = name.clone();
        move |_| state.heads.update(|heads| heads.retain(|head| head.value.name != name))
    };
    let hidden = name.clone();
    view! {
        <li>
            <p>
                <b>
                    <Name name=name.clone() />
                </b>
                " "
                <span class="quiet"><Name name=unit />" · "<Name name=head.file.name.clone() /></span>
            </p>
            <span class="row">
                <button
                    type="button"
                    class="small"
                    disabled=move || state.scoring.with(Option::is_some)
                    on:click=move |_| heads::score(page, &head)
                >
                    "Add this value to the set in use"
                </button>
                <button type="button" class="small" disabled=move || state.is_busy() on:click=remove>
                    "Remove"
                    <span class="visually-hidden">" "{hidden}</span>
                </button>
            </span>
        </li>
    }
}
