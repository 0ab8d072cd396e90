//! How far loading is.

use crate::task::Work;
use palette_protocol::Loading;

/// Bytes between progress reports.
const REPORT_EVERY: u64 = 1 << 20;

/// What has come of what one request loads, reported as it comes.
pub(super) struct Progress<'a> {
    pub(super) work: &'a Work,
    report: &'a dyn Fn(Loading),
    bytes: u64,
    reported: u64,
    total: u64,
    /// Whether it was told that nothing comes.
    is_silent: bool,
}

impl<'a> Progress<'a> {
    pub(super) fn new(work: &'a Work, report: &'a dyn Fn(Loading), total: u64) -> Self {
        Progress { work, report, bytes: 0, reported: 0, total, is_silent: false }
    }

    pub(super) fn add(&mut self, bytes: u64, what: &str, from_cache: bool) {
        self.bytes += bytes;
        if self.bytes - self.reported >= REPORT_EVERY || self.bytes == self.total || self.is_silent {
            self.is_silent = false;
            self.tell(what, from_cache, 0);
        }
    }

    /// So many of the bytes must come again.
    pub(super) fn take_back(&mut self, bytes: u64, what: &str) {
        self.bytes -= bytes;
        self.tell(what, false, 0);
    }

    /// Nothing has come for so many seconds.
    pub(super) fn is_waiting(&mut self, seconds: u32, what: &str) {
        self.is_silent = true;
        self.tell(what, false, seconds);
    }

    fn tell(&mut self, what: &str, from_cache: bool, silent: u32) {
        self.reported = self.bytes;
        let (bytes, total) = (self.bytes, self.total);
        (self.report)(Loading { bytes, total, from_cache, silent, what: what.to_owned() });
    }
}
