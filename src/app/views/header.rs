//! The head of the page: name, views, sharing, theme.

use crate::app::actions::{address, link};
use crate::app::browser::media;
use crate::app::browser::theme::Theme;
use crate::app::state::page;
use leptos::prelude::*;
use palette_protocol::link::View;

#[component]
pub fn Header() -> impl IntoView {
    view! {
        <header class="top">
            <h1 class="mark">
                <Mark />
                "MAP Palette"
            </h1>
            <nav aria-label="Views">
                <ViewLink view=View::Compose name="Compose" />
                <ViewLink view=View::Answers name="Answers" />
                <ViewLink view=View::Studies name="Studies" />
                <ViewLink view=View::Learn name="Learn" />
                <ViewLink view=View::Data name="Data" />
                <ViewLink view=View::Models name="Models" />
            </nav>
            <div class="right">
                <ShareButton />
                <ThemeButton />
            </div>
        </header>
    }
}

#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg viewBox="0 0 32 32" aria-hidden="true">
            <path
                d="M16 3C8.5 3 3 8.4 3 15.4 3 23 8.8 29 16 29c2.3 0 3.2-1.5 2.7-3.2-.6-2 .4-3.8 \
                2.9-3.8h2.9C27.4 22 29 19.4 29 16 29 8.7 23.5 3 16 3z"
                fill="none"
                stroke="currentColor"
                stroke-width="2.2"
            />
            <circle cx="10" cy="13" r="2.4" fill="var(--accent-1)" />
            <circle cx="16" cy="9" r="2.4" fill="var(--accent-2)" />
            <circle cx="22.5" cy="13" r="2.4" fill="var(--accent-3)" />
            <circle cx="10.5" cy="20" r="2.4" fill="var(--accent-4)" />
        </svg>
    }
}

#[component]
fn ViewLink(view: View, name: &'static str) -> impl IntoView {
    let page = page();
    let here = move || page.view.get() == view;
    let open = move |event: leptos::ev::MouseEvent| {
        // With a modifier the browser opens the address elsewhere.
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            page.view.set(view);
        }
    };
    view! {
        <a
            href=move || format!("#{}", link::fragment(page, Some(view)))
            aria-current=move || here().then_some("page")
            on:click=open
        >
            {name}
        </a>
    }
}

#[component]
fn ShareButton() -> impl IntoView {
    let page = page();
    let copy = move |_| {
        address::write_now(page);
        link::copy(page, link::address(page), "The address of this palette is copied.");
    };
    view! {
        <button type="button" on:click=copy>
            "Share"
        </button>
    }
}

#[component]
fn ThemeButton() -> impl IntoView {
    let page = page();
    let theme = RwSignal::new(Theme::kept());
    let turn = move |_| {
        let next = theme.get_untracked().next();
        next.wear();
        theme.set(next);
        page.repaint.update(|n| *n += 1);
    };
    // Under "auto" the system may change its mind while the page is open.
    let dark = media::follow("(prefers-color-scheme: dark)");
    Effect::new(move |before: Option<()>| {
        dark.track();
        if before.is_some() {
            page.repaint.update(|n| *n += 1);
        }
    });
    view! {
        <button
            type="button"
            class="icon"
            aria-label=move || format!("Theme: {}", theme.get().name())
            title=move || format!("Theme: {}", theme.get().name())
            on:click=turn
        >
            <span aria-hidden="true">{move || theme.get().sign()}</span>
        </button>
    }
}
