//! Studies of a table: one at a time, each in a worker of its own that ends with it. So composing goes on, what
//! a study needed is free again after it, and giving it up takes effect at once.

use super::{CallError, Connection};
use futures_util::StreamExt;
use futures_util::lock::Mutex;
use palette_protocol::Studied;
use palette_protocol::calls::Study;
use palette_study::studies::Progress;
use std::rc::Rc;

const ROLE: &str = "study";
/// Seconds that one step may take: on a million answers the first palette does.
const STEP: u32 = 180;

/// Whose turn it is. Cheap to clone; all clones share it.
#[derive(Clone, Default)]
pub struct StudyWorkers {
    turn: Rc<Mutex<()>>,
}

/// A worker that ends with this.
struct OwnWorker(Connection);

impl Drop for OwnWorker {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl StudyWorkers {
    /// Studies once those that were asked before are done; given up when the future is dropped.
    pub async fn study(self, study: Study, mut progress: impl FnMut(Progress)) -> Result<Studied, CallError> {
        let _turn = self.turn.lock().await;
        let worker = OwnWorker(Connection::new(ROLE));
        let mut pending = worker.0.call_within(STEP, study);
        while let Some(told) = pending.progress().next().await {
            progress(told);
        }
        pending.await
    }
}
