//! Noticing that a worker has gone without a word, or works for ever: the browser's own task manager can end
//! one, and a mistake can make it loop.

/// Milliseconds from one look after a worker that has something to do to the next.
pub(super) const LOOK: u32 = 2_500;
/// Seconds of silence that are told of.
const TOLD: u32 = 10;

/// What a look after a worker found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Well,
    /// Nothing has been heard for so many seconds.
    Silent(u32),
    /// Nothing for longer than anything may take: it has to be ended.
    Dead(u32),
}

/// Counts looks and not seconds: that spares the workers of a computer that slept.
#[derive(Default)]
pub(super) struct Liveness {
    silent: u32,
}

impl Liveness {
    /// Something was heard of the worker.
    pub(super) fn is_heard(&mut self) {
        self.silent = 0;
    }

    /// A look after a worker that may be silent for `allowed` seconds.
    pub(super) fn look(&mut self, allowed: u32) -> Look {
        self.silent += LOOK;
        let seconds = self.silent / 1000;
        if seconds >= allowed {
            Look::Dead(seconds)
        } else if seconds >= TOLD {
            Look::Silent(seconds)
        } else {
            Look::Well
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_told_of_and_ends_when_something_is_heard_or_the_time_is_over() {
        let mut liveness = Liveness::default();
        let looks = |n: usize, liveness: &mut Liveness| {
            (0..n).map(|_| liveness.look(20)).last().unwrap_or(Look::Well)
        };
        assert_eq!(looks(3, &mut liveness), Look::Well);
        assert_eq!(looks(1, &mut liveness), Look::Silent(10));
        assert_eq!(looks(3, &mut liveness), Look::Silent(17));
        liveness.is_heard();
        assert_eq!(looks(7, &mut liveness), Look::Silent(17));
        assert_eq!(looks(1, &mut liveness), Look::Dead(20));
        liveness.is_heard();
        assert_eq!(liveness.look(2), Look::Dead(2));
    }
}
