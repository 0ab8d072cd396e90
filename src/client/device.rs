//! What the browser says of the device.

/// Gigabytes of memory; only some browsers tell, and never more than 8.
pub fn memory() -> Option<f64> {
    let navigator = web_sys::window()?.navigator();
    js_sys::Reflect::get(&navigator, &"deviceMemory".into()).ok()?.as_f64()
}

/// How many workers to draw with unless the person says otherwise: one for each processor, at most four, and
/// no more than a quarter of the memory holds.
pub fn usual_workers() -> usize {
    /// Gigabytes that a worker with the page's own models takes.
    const EACH: f64 = 0.25;
    let Some(window) = web_sys::window() else { return 1 };
    let processors = window.navigator().hardware_concurrency().max(1.0);
    let memory = memory().unwrap_or(4.0);
    (processors.min(4.0) as usize).min((memory / 4.0 / EACH) as usize).max(1)
}
