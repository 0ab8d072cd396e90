//! Earlier palettes, which can be had back.

use crate::client::clock;
use leptos::prelude::*;
use palette_tables::Palette;

/// How many earlier palettes can be had back.
const LENGTH: usize = 100;
/// Changes of one control within this time count as one for undoing, milliseconds.
const ONE_GESTURE: f64 = 700.0;

/// The palettes before this one. Copies share them.
#[derive(Clone, Copy)]
pub struct History {
    past: RwSignal<Vec<Palette>>,
    /// The control that made the last change, and when.
    last_edit: StoredValue<(String, f64)>,
}

impl History {
    pub fn new() -> Self {
        History { past: RwSignal::new(Vec::new()), last_edit: StoredValue::new((String::new(), 0.0)) }
    }

    /// Keeps what was there before a change. `gesture` names the control: what it does in one run is undone
    /// as one.
    pub fn keep(self, before: Palette, gesture: Option<&str>) {
        let now = clock::milliseconds();
        let (name, at) = self.last_edit.get_value();
        let same = gesture.is_some_and(|gesture| gesture == name) && now - at < ONE_GESTURE;
        self.last_edit.set_value((gesture.unwrap_or_default().to_owned(), now));
        if !same {
            self.past.update(|past| {
                past.push(before);
                let over = past.len().saturating_sub(LENGTH);
                past.drain(..over);
            });
        }
    }

    /// The palette before the last change; it is kept no longer.
    pub fn take_back(self) -> Option<Palette> {
        let before = self.past.try_update(Vec::pop).flatten();
        self.last_edit.set_value((String::new(), 0.0));
        before
    }

    /// The control that made the last change, where it was one.
    pub fn last_gesture(self) -> Option<String> {
        self.last_edit.with_value(|(name, _)| (!name.is_empty()).then(|| name.clone()))
    }

    /// Whether there is nothing to have back.
    pub fn is_empty(self) -> bool {
        self.past.with(Vec::is_empty)
    }

    pub fn clear(self) {
        self.past.set(Vec::new());
    }
}
