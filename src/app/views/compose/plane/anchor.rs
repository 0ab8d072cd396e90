//! Keeps the plane where it is while a hand is on it: the verdict above it grows and shrinks with every answer.

use crate::app::browser::frame::next_frame;
use crate::app::state::Page;
use crate::client::clock;
use leptos::prelude::*;

/// How long after the last key or movement the plane is kept in place, milliseconds: longer would hold against a
/// person who scrolls.
const HELD: f64 = 1200.0;

/// Copies share it.
#[derive(Clone, Copy)]
pub(super) struct Anchor {
    around: NodeRef<leptos::html::Div>,
    /// Where the plane's top edge was in the window, and when.
    top: StoredValue<Option<(f64, f64)>>,
}

impl Anchor {
    /// Follows what changes above `around`.
    pub(super) fn new(page: Page, around: NodeRef<leptos::html::Div>) -> Self {
        let anchor = Anchor { around, top: StoredValue::new(None) };
        let studies = page.studies;
        Effect::new(move |_| {
            page.outcome.track();
            page.failure.track();
            studies.repairs.track();
            studies.trust.track();
            if anchor.held().is_some() {
                next_frame(move || anchor.restore());
            }
        });
        anchor
    }

    /// A hand is on the plane.
    pub(super) fn hold(self) {
        // What moved since the last time and was not put back yet must not become the place to keep.
        self.restore();
        if let Some(around) = self.around.get_untracked() {
            self.top.set_value(Some((around.get_bounding_client_rect().top(), clock::milliseconds())));
        }
    }

    fn held(self) -> Option<f64> {
        let (top, at) = self.top.try_get_value().flatten()?;
        (clock::milliseconds() - at < HELD).then_some(top)
    }

    fn restore(self) {
        let Some(around) = self.around.try_get_untracked().flatten() else { return };
        let Some(top) = self.held() else { return };
        let moved = around.get_bounding_client_rect().top() - top;
        if moved.abs() >= 1.0 {
            window().scroll_by_with_x_and_y(0.0, moved);
        }
    }
}
