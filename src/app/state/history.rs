//! Earlier palettes, which can be had back, and those that were left by that.

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
    /// What was taken back, the last of it last.
    future: RwSignal<Vec<Palette>>,
    /// The control that made the last change, and when.
    last_edit: StoredValue<(String, f64)>,
}

impl History {
    pub fn new() -> Self {
        History {
            past: RwSignal::new(Vec::new()),
            future: RwSignal::new(Vec::new()),
            last_edit: StoredValue::new((String::new(), 0.0)),
        }
    }

    /// Keeps what was there before a change. `gesture` names the control: what it does in one run is undone
    /// as one.
    pub fn keep(self, before: Palette, gesture: Option<&str>) {
        let now = clock::milliseconds();
        let (name, at) = self.last_edit.get_value();
        let same = gesture.is_some_and(|gesture| gesture == name) && now - at < ONE_GESTURE;
        self.last_edit.set_value((gesture.unwrap_or_default().to_owned(), now));
        // What was taken back led elsewhere.
        if self.future.with_untracked(|future| !future.is_empty()) {
            self.future.set(Vec::new());
        }
        if !same {
            self.push(before);
        }
    }

    fn push(self, before: Palette) {
        self.past.update(|past| {
            past.push(before);
            let over = past.len().saturating_sub(LENGTH);
            past.drain(..over);
        });
    }

    /// The palette before the last change; `now` can be had again by [`History::take_again`].
    pub fn take_back(self, now: Palette) -> Option<Palette> {
        let before = self.past.try_update(Vec::pop).flatten();
        self.last_edit.set_value((String::new(), 0.0));
        if before.is_some() {
            self.future.update(|future| future.push(now));
        }
        before
    }

    /// The control that made the last change, where it was one.
    pub fn last_gesture(self) -> Option<String> {
        self.last_edit.with_value(|(name, _)| (!name.is_empty()).then(|| name.clone()))
    }

    /// The palette that was taken back last; `now` can be had back.
    pub fn take_again(self, now: Palette) -> Option<Palette> {
        let next = self.future.try_update(Vec::pop).flatten();
        self.last_edit.set_value((String::new(), 0.0));
        if next.is_some() {
            self.push(now);
        }
        next
    }

    /// Whether there is nothing to have back.
    pub fn is_empty(self) -> bool {
        self.past.with(Vec::is_empty)
    }

    /// Whether nothing was taken back that could be had again.
    pub fn is_last(self) -> bool {
        self.future.with(Vec::is_empty)
    }

    pub fn clear(self) {
        self.past.set(Vec::new());
        self.future.set(Vec::new());
    }
}
