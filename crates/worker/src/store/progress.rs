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
}

impl<'a> Progress<'a> {
    pub(super) fn new(work: &'a Work, report: &'a dyn Fn(Loading), total: u64) -> Self {
        Progress { work, report, bytes: 0, reported: 0, total }
    }

    pub(super) fn add(&mut self, bytes: u64, what: &str, from_cache: bool) {
        self.bytes += bytes;
        if self.bytes - self.reported >= REPORT_EVERY || self.bytes == self.total {
            self.reported = self.bytes;
            let (bytes, total) = (self.bytes, self.total);
            (self.report)(Loading { bytes, total, from_cache, what: what.to_owned() });
        }
    }
}
