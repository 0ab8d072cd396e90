//! Native times of the numerical core as JSON, in milliseconds: `core-bench TABLE.csv [CASE]`.

use core_bench::Bench;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// The system's allocator, counting.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

#[allow(unsafe_code, reason = "an allocator is an unsafe trait")]
// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Median milliseconds of one call, over several batches of `repeats`.
fn median(repeats: usize, mut work: impl FnMut(usize) -> f64) -> f64 {
    let mut times: Vec<f64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(work(repeats));
            start.elapsed().as_secs_f64() * 1e3 / repeats as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let csv = std::fs::read_to_string(std::env::args().nth(1).expect("a table of numbers"))
        .expect("a readable table");
    let mut all = serde_json::Map::new();
    for (name, rows, group, repeats) in [
        ("table", 0, 0, 200),
        ("1e3", 1_000, 0, 200),
        ("1e4", 10_000, 0, 40),
        ("1e5", 100_000, 0, 5),
        ("1e6", 1_000_000, 0, 1),
        ("1e5 in groups of 16", 100_000, 16, 1),
    ] {
        if std::env::args().nth(2).is_some_and(|only| only != name) {
            continue;
        }
        let mut bench = Bench::new(&csv, rows, group);
        let before = NOW.load(Ordering::Relaxed);
        PEAK.store(before, Ordering::Relaxed);
        bench.answer_cold(1);
        let cells = if rows == 0 { 2312 } else { rows } * 6 * 8;
        let entry = serde_json::json!({
            "solve_cold": median(repeats, |r| bench.solve_cold(r)),
            "answer_cold": median(repeats, |r| bench.answer_cold(r)),
            "answer_warm": median(2 * repeats, |r| bench.answer_warm(r)),
            "stops_cold": median(repeats, |r| bench.stops_cold(r)),
            "kl": bench.solve_cold(1),
            "newton_steps": bench.iterations(),
            "peak_per_table": PEAK.load(Ordering::Relaxed) as f64 / cells as f64,
        });
        all.insert(name.into(), entry);
    }
    println!("{}", serde_json::to_string_pretty(&all).expect("numbers"));
}
