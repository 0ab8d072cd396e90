//! The page's own clock: it only ever goes forward.

use gloo_utils::window;

/// Milliseconds since the page began to load.
pub fn milliseconds() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// The same in seconds.
pub fn seconds() -> f64 {
    milliseconds() / 1e3
}
