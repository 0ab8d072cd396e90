//! What is being taken away of the palette.

use leptos::prelude::*;
use palette_study::away::Form;

/// Copies share it.
#[derive(Clone, Copy)]
pub struct AwayState {
    pub open: RwSignal<bool>,
    /// What is being made.
    pub making: RwSignal<Option<Form>>,
    /// How the last one went, in a sentence.
    pub said: RwSignal<String>,
}

impl AwayState {
    pub fn new() -> Self {
        AwayState {
            open: RwSignal::new(false),
            making: RwSignal::new(None),
            said: RwSignal::new(String::new()),
        }
    }
}
