//! How fast a model comes over the network.

/// Seconds to watch before saying how long it will take.
const ENOUGH: f64 = 1.0;
/// Seconds without anything after which it is said.
const STUCK: f64 = 8.0;

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
    pub fn record(&mut self, at: f64, bytes: u64, from_cache: bool) {
        if let Some((then, before)) = self.last
            && !from_cache
        {
            self.bytes += bytes.saturating_sub(before);
            self.seconds += (at - then).max(0.0);
        }
        self.last = Some((at, bytes));
    }

    /// Seconds that so many bytes still take as seen `at` this moment; `None` until that can be told. A
    /// silence makes it longer.
    pub fn seconds_for(&self, at: f64, bytes: u64) -> Option<f64> {
        let seconds = self.seconds + self.silent(at);
        (self.seconds >= ENOUGH && self.bytes > 0).then(|| bytes as f64 * seconds / self.bytes as f64)
    }

    /// Whether nothing has come for so long that the network seems to be gone.
    pub fn is_stuck(&self, at: f64) -> bool {
        self.silent(at) >= STUCK
    }

    fn silent(&self, at: f64) -> f64 {
        self.last.map_or(0.0, |(then, _)| (at - then).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_nothing_too_early() {
        let mut pace = Pace::default();
        pace.record(0.0, 1_000_000, false);
        pace.record(0.5, 2_000_000, false);
        assert_eq!(pace.seconds_for(0.5, 10), None);
    }

    #[test]
    fn what_comes_from_the_cache_does_not_make_it_look_faster() {
        let mut pace = Pace::default();
        pace.record(0.0, 1_000_000, false);
        pace.record(0.1, 31_000_000, true);
        pace.record(2.1, 33_000_000, false);
        assert_eq!(pace.seconds_for(2.1, 5_000_000), Some(5.0));
    }

    #[test]
    fn a_silence_makes_it_longer_until_it_counts_as_stuck() {
        let mut pace = Pace::default();
        pace.record(0.0, 1_000_000, false);
        pace.record(2.0, 3_000_000, false);
        assert_eq!(pace.seconds_for(4.0, 2_000_000), Some(4.0));
        assert!(!pace.is_stuck(4.0));
        assert!(pace.is_stuck(10.0));
    }
}
