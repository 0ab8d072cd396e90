//! A stopwatch.

/// Time that ran while it was going; told the time by a clock in milliseconds.
#[derive(Default)]
pub(super) struct Stopwatch {
    /// Milliseconds of the times before.
    before: f64,
    going_since: Option<f64>,
}

impl Stopwatch {
    pub(super) fn go(&mut self, now: f64) {
        self.going_since.get_or_insert(now);
    }

    pub(super) fn stop(&mut self, now: f64) {
        self.before = self.milliseconds(now);
        self.going_since = None;
    }

    pub(super) fn milliseconds(&self, now: f64) -> f64 {
        self.before + self.going_since.map_or(0.0, |since| now - since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_do_not_count() {
        let mut stopwatch = Stopwatch::default();
        assert_eq!(stopwatch.milliseconds(5.0), 0.0);
        stopwatch.go(10.0);
        stopwatch.go(20.0);
        assert_eq!(stopwatch.milliseconds(30.0), 20.0);
        stopwatch.stop(40.0);
        stopwatch.stop(60.0);
        assert_eq!(stopwatch.milliseconds(100.0), 30.0);
        stopwatch.go(100.0);
        assert_eq!(stopwatch.milliseconds(101.0), 31.0);
    }
}
