//! The programs that workers run, and the worker that the page's script begins while this program comes.

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Worker, WorkerOptions, WorkerType};

/// What public/boot.js has begun.
const BEGUN: &str = "mapPaletteSolver";

/// What a worker runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    /// Solves, studies and reads tables.
    Solver,
    /// The same, and what needs the models.
    Models,
}

/// A worker that may have run before anybody listened.
pub(super) struct Started {
    pub(super) worker: Worker,
    /// What it has said meanwhile.
    pub(super) said: Vec<JsValue>,
    /// Whether it has died meanwhile.
    pub(super) died: bool,
}

impl Program {
    /// Starts a worker, or takes the one over that has been begun.
    ///
    /// # Errors
    /// What the browser says when it starts none.
    pub(super) fn start(self) -> Result<Started, JsValue> {
        if let Some(begun) = (self == Program::Solver).then(begun).flatten() {
            return Ok(begun);
        }
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        // The worker lives in a versioned folder of its own; by its name it learns where the page, and so the
        // weights, are.
        options.set_name(&page_address());
        let worker = Worker::new_with_options(&self.address(), &options)?;
        Ok(Started { worker, said: Vec::new(), died: false })
    }

    /// The address of its script: what the build wrote into the page, or the plain file beside it.
    pub(super) fn address(self) -> String {
        let (meta, plain) = match self {
            Program::Solver => ("meta[name='map-palette-solver']", "./solver_loader.js"),
            Program::Models => ("meta[name='map-palette-worker']", "./worker_loader.js"),
        };
        document()
            .and_then(|document| document.query_selector(meta).ok().flatten())
            .and_then(|meta| meta.get_attribute("content"))
            .filter(|url| !url.is_empty() && !url.starts_with("__"))
            .unwrap_or_else(|| plain.to_owned())
    }
}

/// The worker that was begun; the first to ask has it.
fn begun() -> Option<Started> {
    let global = js_sys::global();
    let begun = Reflect::get(&global, &BEGUN.into()).ok().filter(JsValue::is_truthy)?;
    Reflect::set(&global, &BEGUN.into(), &JsValue::NULL).ok()?;
    let part = |name: &str| Reflect::get(&begun, &name.into()).ok();
    let worker: Worker = part("worker")?.dyn_into().ok()?;
    worker.set_onmessage(None);
    worker.set_onerror(None);
    worker.set_onmessageerror(None);
    let said = part("said")?.dyn_into::<Array>().ok()?.iter().collect();
    Some(Started { worker, said, died: part("died")?.is_truthy() })
}

fn document() -> Option<Document> {
    web_sys::window().and_then(|window| window.document())
}

/// Address that the page's relative links start from.
fn page_address() -> String {
    document().and_then(|document| document.base_uri().ok().flatten()).unwrap_or_default()
}
