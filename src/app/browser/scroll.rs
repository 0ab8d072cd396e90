//! Bringing something into view.

use gloo_utils::window;
use web_sys::{Element, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition};

/// Scrolls no further than needed to show `element` with its scroll margin, if it lies below what is seen.
/// One that lies above has been passed on purpose and is left alone.
pub fn down_to(element: &Element) {
    if element.get_bounding_client_rect().top() < 0.0 {
        return;
    }
    let still = window()
        .match_media("(prefers-reduced-motion: reduce)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches());
    let options = ScrollIntoViewOptions::new();
    options.set_behavior(if still { ScrollBehavior::Instant } else { ScrollBehavior::Smooth });
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}
