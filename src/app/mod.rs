//! The page: it holds signals, draws and sends requests; it computes nothing but what drawing needs.
//!
//! Modules point downward only, in this order: `views`, what is shown; `actions`, what the page does;
//! `state`, what it knows; `browser`, what it asks of the browser; and how things are named and numbers
//! written.

mod accent;
mod actions;
mod browser;
mod format;
mod own_values;
mod state;
mod target_words;
mod views;
mod words;

use actions::{address, files, kept, learn, models, solving, studies, table, table_studies};
use leptos::prelude::*;
use palette_protocol::link::View;
use state::Page;
use views::{answers, compose, data, drop_zone, header, notices, title, update};

/// Puts the page into the document, in place of the words that said it was loading.
pub fn mount() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        say_that_the_page_failed();
    }));
    if let Some(loading) = document().get_element_by_id("loading") {
        loading.remove();
    }
    mount_to_body(App);
}

/// After a panic no signal can be trusted any more, so this touches the document alone.
fn say_that_the_page_failed() {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(words) = document.and_then(|document| document.get_element_by_id("failed")) {
        // Where the attribute cannot be removed, the console still has the report.
        let _ = words.remove_attribute("hidden");
    }
}

#[component]
fn App() -> impl IntoView {
    let page = Page::new();
    provide_context(page);
    actions::words::follow(page);
    address::follow(page);
    kept::follow(page);
    kept::start(page);
    solving::follow(page);
    studies::follow(page);
    table_studies::follow(page);
    files::follow(page);
    models::tasks::follow(page);
    title::follow(page);
    learn::follow(page);
    table::fetch_built_in(page);
    let main = NodeRef::<leptos::html::Main>::new();
    let skip = move |event: leptos::ev::MouseEvent| {
        // The fragment carries the palette, so this link must not change it.
        event.prevent_default();
        if let Some(main) = main.get_untracked() {
            let _ = main.focus();
        }
    };
    view! {
        <a class="skip" href="#main" on:click=skip>
            "Skip to the content"
        </a>
        {move || (!page.learn.embed.get()).then(|| view! { <header::Header /> })}
        <notices::Notices />
        <update::UpdateBanner />
        <main id="main" node_ref=main tabindex="-1" class:embedded=move || page.learn.embed.get()>
            {move || match page.view.get() {
                View::Compose => view! { <compose::Compose /> }.into_any(),
                View::Answers => view! { <answers::Answers /> }.into_any(),
                View::Studies => view! { <views::studies::Studies /> }.into_any(),
                View::Data => view! { <data::Data /> }.into_any(),
                View::Models => view! { <views::models::Models /> }.into_any(),
                View::Learn => view! { <views::learn::Learn /> }.into_any(),
            }}
        </main>
        <drop_zone::DropZone />
    }
}
