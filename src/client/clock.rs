//! The page's clock: it only ever goes forward.

/// Milliseconds since the page began to load.
pub fn milliseconds() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or_else(js_sys::Date::now, |performance| performance.now())
}

/// The same in seconds.
pub fn seconds() -> f64 {
    milliseconds() / 1e3
}
