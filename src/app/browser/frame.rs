//! What waits for the browser to have laid out what was just changed.

use leptos::prelude::{on_cleanup, request_animation_frame_with_handle};

/// Calls `then` at the next frame, unless the component or the run of the effect that asks for it is gone by then:
/// what belongs to it is gone too, and reading it would end in a panic.
pub fn next_frame(then: impl FnOnce() + 'static) {
    if let Ok(frame) = request_animation_frame_with_handle(then) {
        on_cleanup(move || frame.cancel());
    }
}
