//! A failure, and a button that tries again.

use super::names::Sentence;
use leptos::prelude::*;

#[component]
pub fn TryAgain(
    /// A plain sentence.
    reason: String,
    again: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <div role="alert">
            <p>
                <Sentence text=reason />
            </p>
            <button type="button" on:click=move |_| again()>
                "Try again"
            </button>
        </div>
    }
}
