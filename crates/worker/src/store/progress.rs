//! How far loading is.

use crate::outbox;
use palette_protocol::{Loading, Reply, RequestId};

/// Bytes between progress reports.
const REPORT_EVERY: u64 = 1 << 20;

/// What has come of what one request loads, reported as it comes.
pub(super) struct Progress {
    pub(super) id: RequestId,
    bytes: u64,
    reported: u64,
    total: u64,
}

impl Progress {
    pub(super) fn new(id: RequestId, total: u64) -> Self {
        Progress { id, bytes: 0, reported: 0, total }
    }

    pub(super) fn add(&mut self, bytes: u64, what: &str, from_cache: bool) {
        self.bytes += bytes;
        if self.bytes - self.reported >= REPORT_EVERY || self.bytes == self.total {
            self.reported = self.bytes;
            outbox::post(
                self.id,
                Reply::Loading(Loading {
                    bytes: self.bytes,
                    total: self.total,
                    from_cache,
                    what: what.to_owned(),
                }),
            );
        }
    }
}
