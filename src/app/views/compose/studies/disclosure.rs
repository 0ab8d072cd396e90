//! A part of the page that opens when it is asked for.

use leptos::prelude::*;

/// A button that opens what is made only then.
#[component]
pub fn Disclosure(
    #[prop(into)] name: String,
    id: &'static str,
    open: RwSignal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    let id = format!("closer-{id}");
    view! {
        <div class="disclosure">
            <button
                type="button"
                aria-expanded=move || open.get().to_string()
                aria-controls=id.clone()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {name}
            </button>
            <div id=id.clone() class="inside" hidden=move || !open.get()>
                {move || open.get().then(|| children())}
            </div>
        </div>
    }
}
