//! Reading tables, prompts and published palettes from files, and handing a table over once it has been looked at.

use std::sync::Arc;

use super::event_loop;
use super::task::Task;
use super::task_error::TaskError;
use super::tasks::Run;
use js_sys::Uint8Array;
use palette_protocol::calls::{Import, ReadPrompts, ReadPublished, Take};
use palette_protocol::{Imported, Importing, NoProgress, Previewed};
use palette_study::paper::{self, Published};
use palette_tables::import::{self, ImportOptions, import};
use palette_tables::prompts::{self, Prompt};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// Milliseconds between progress reports.
const REPORT_EVERY: f64 = 100.0;

impl Run for Import {
    async fn run(self, task: &Task<Importing>) -> Result<Previewed, TaskError> {
        // What was read before is not wanted any more, and its room is.
        task.work.shared.borrow_mut().read = None;
        let bytes = bytes_of(&self.name, &self.file).await?;
        task.work.go_on()?;
        let mut reported = event_loop::now();
        let mut progress = |share| {
            let now = event_loop::now();
            if now - reported >= REPORT_EVERY {
                reported = now;
                task.report(Importing { share });
            }
        };
        let options = ImportOptions { roles: self.roles, chosen: self.chosen, ..ImportOptions::default() };
        let import::Imported { set, notes, preview } = import(&self.name, &bytes, &options, &mut progress)?;
        let previewed = Previewed {
            name: set.name.clone(),
            values: set.values.iter().map(|value| value.name.clone()).collect(),
            prompts: set.prompts.len(),
            preview,
            notes: notes.clone(),
        };
        task.work.shared.borrow_mut().read = Some((Arc::new(set), notes));
        Ok(previewed)
    }
}

async fn bytes_of(name: &str, file: &JsValue) -> Result<Vec<u8>, TaskError> {
    let gone = || {
        TaskError::Failed(format!(
            "{name} could not be read. It may have been moved or changed since it was chosen, or it is a \
                folder. Choose it again."
        ))
    };
    let file = file.dyn_ref::<Blob>().ok_or_else(gone)?;
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| gone())?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

impl Run for ReadPrompts {
    async fn run(self, _: &Task<NoProgress>) -> Result<Vec<Prompt>, TaskError> {
        let bytes = bytes_of(&self.name, &self.file).await?;
        Ok(prompts::read_grouped(&self.name, &bytes)?)
    }
}

impl Run for ReadPublished {
    async fn run(self, _: &Task<NoProgress>) -> Result<Vec<Published>, TaskError> {
        let bytes = bytes_of(&self.name, &self.file).await?;
        paper::read_file(&self.name, &bytes, &self.table).map_err(TaskError::Failed)
    }
}

impl Run for Take {
    async fn run(self, task: &Task<NoProgress>) -> Result<Imported, TaskError> {
        let mut state = task.work.shared.borrow_mut();
        let Some((set, notes)) = state.read.take() else {
            return Err(TaskError::Failed("The table is not held any more. Open its file again.".into()));
        };
        let key = state.sets.hold(self.set_id, set.clone());
        Ok(Imported { key, set, notes })
    }
}
