//! Answers: drawing them with the language model, and picking among them by the palette.

mod state;

pub use state::AnswersState;

use leptos::prelude::*;

#[component]
pub fn Answers() -> impl IntoView {}
