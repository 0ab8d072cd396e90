//! Noticing that a worker has gone without a word: the browser's own task manager can end one.

/// Milliseconds from one look after a worker that draws to the next.
pub(super) const LOOK: u32 = 5_000;
/// Looks in a row at which nothing had been heard of it, after which it is taken for dead. Counting looks and
/// not seconds spares the workers of a computer that slept.
const SILENT_LOOKS: u32 = 6;

#[derive(Default)]
pub(super) struct Liveness {
    silent: u32,
}

impl Liveness {
    /// Something was heard of the worker.
    pub(super) fn is_heard(&mut self) {
        self.silent = 0;
    }

    /// Counts a look; whether the worker seems dead by now.
    pub(super) fn seems_dead(&mut self, paused: bool) -> bool {
        self.silent = if paused { 0 } else { self.silent + 1 };
        self.silent >= SILENT_LOOKS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_silent_seconds_are_too_many_unless_drawing_rests() {
        let mut liveness = Liveness::default();
        let looks = |liveness: &mut Liveness, paused| (0..5).any(|_| liveness.seems_dead(paused));
        assert!(!looks(&mut liveness, false));
        liveness.is_heard();
        assert!(!looks(&mut liveness, false));
        assert!(!looks(&mut liveness, true) && !looks(&mut liveness, true));
        assert!(!looks(&mut liveness, false));
        assert!(liveness.seems_dead(false));
    }
}
