//! A stopwatch.

/// Time that ran while it was going.
#[derive(Default)]
pub(super) struct Clock {
    /// Milliseconds of the times before.
    before: f64,
    going_since: Option<f64>,
}

impl Clock {
    pub(super) fn go(&mut self) {
        self.going_since.get_or_insert_with(now);
    }

    pub(super) fn stop(&mut self) {
        self.before = self.milliseconds();
        self.going_since = None;
    }

    pub(super) fn seconds(&self) -> f64 {
        self.milliseconds() / 1000.0
    }

    fn milliseconds(&self) -> f64 {
        self.before + self.going_since.map_or(0.0, |since| now() - since)
    }
}

fn now() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or_else(js_sys::Date::now, |performance| performance.now())
}
