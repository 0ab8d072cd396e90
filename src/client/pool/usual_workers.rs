//! How many workers suit this device.

/// How many workers to start unless the person says otherwise: one for each processor, at most four, and no
/// more than a quarter of the memory holds.
pub fn usual_workers() -> usize {
    /// Gigabytes that a worker with the page's own models takes.
    const EACH: f64 = 0.25;
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else { return 1 };
    let processors = navigator.hardware_concurrency().max(1.0);
    // Only some browsers tell, in gigabytes and never more than 8.
    let memory = js_sys::Reflect::get(&navigator, &"deviceMemory".into())
        .ok()
        .and_then(|memory| memory.as_f64())
        .unwrap_or(4.0);
    (processors.min(4.0) as usize).min((memory / 4.0 / EACH) as usize).max(1)
}
