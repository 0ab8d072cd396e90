//! Studies of a table, step by step: between two steps the worker hears whether anybody still waits.

use super::event_loop;
use super::task::Task;
use super::task_error::TaskError;
use super::tasks::{GIVE_WAY_EVERY, Run};
use palette_protocol::Studied;
use palette_protocol::calls::Study;
use palette_study::scaling::Instruments;
use palette_study::studies::Progress;

/// Milliseconds between progress reports.
const REPORT_EVERY: f64 = 100.0;

const INSTRUMENTS: Instruments = Instruments { seconds, memory };

fn seconds() -> f64 {
    event_loop::now() / 1000.0
}

/// What WebAssembly has grown to: it never gives anything back.
#[cfg(target_arch = "wasm32")]
fn memory() -> Option<u64> {
    const PAGE: u64 = 65_536;
    Some(core::arch::wasm32::memory_size::<0>() as u64 * PAGE)
}

#[cfg(not(target_arch = "wasm32"))]
fn memory() -> Option<u64> {
    None
}

impl Run for Study {
    async fn run(self, task: &Task<Progress>) -> Result<Studied, TaskError> {
        let begun = event_loop::now();
        let beside = Some(self.beside.as_ref()).filter(|set| !set.answers.is_empty());
        let mut study = self.question.begin(&self.set, beside, INSTRUMENTS).map_err(TaskError::Failed)?;
        task.report(study.progress());
        let (mut gave_way, mut reported) = (event_loop::now(), begun);
        while !study.progress().is_done() {
            study.step().map_err(TaskError::Failed)?;
            let now = event_loop::now();
            if now - reported >= REPORT_EVERY {
                reported = now;
                task.report(study.progress());
            }
            if now - gave_way >= GIVE_WAY_EVERY {
                event_loop::until_messages_are_in().await;
                task.work.go_on()?;
                gave_way = event_loop::now();
            }
        }
        let report = study.report();
        Ok(Studied { report, seconds: (event_loop::now() - begun) / 1000.0 })
    }
}
