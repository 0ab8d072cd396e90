//! How fast a model comes over the network.

/// Seconds to watch before saying how long it will take.
const ENOUGH: f64 = 1.0;

/// Bytes and seconds of what came over the network.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pace {
    bytes: u64,
    seconds: f64,
    /// When something was heard last, and how many bytes there were.
    last: Option<(f64, u64)>,
}

impl Pace {
    /// `bytes` were there `at` this many seconds; what came last did, or did not, come from the cache.
    pub fn hear(&mut self, at: f64, bytes: u64, from_cache: bool) {
        if let Some((then, before)) = self.last
            && !from_cache
        {
            self.bytes += bytes.saturating_sub(before);
            self.seconds += (at - then).max(0.0);
        }
        self.last = Some((at, bytes));
    }

    /// Seconds that so many bytes still take; `None` until that can be told.
    pub fn seconds_for(&self, bytes: u64) -> Option<f64> {
        (self.seconds >= ENOUGH && self.bytes > 0).then(|| bytes as f64 * self.seconds / self.bytes as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_nothing_too_early() {
        let mut pace = Pace::default();
        pace.hear(0.0, 1_000_000, false);
        pace.hear(0.5, 2_000_000, false);
        assert_eq!(pace.seconds_for(10), None);
    }

    #[test]
    fn what_comes_from_the_cache_does_not_make_it_look_faster() {
        let mut pace = Pace::default();
        pace.hear(0.0, 1_000_000, false);
        pace.hear(0.1, 31_000_000, true);
        pace.hear(2.1, 33_000_000, false);
        assert_eq!(pace.seconds_for(5_000_000), Some(5.0));
    }
}
