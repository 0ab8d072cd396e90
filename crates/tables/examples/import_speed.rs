//! How long a CSV table of 100,000 rows and 7 values takes to be read: the fastest of several times.

use palette_tables::import::{ImportOptions, import};
use std::fmt::Write;
use std::time::Instant;

fn main() {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state) / 4_294_967_296.0
    };
    let mut text = String::from("prompt,answer,humor,helpful,harmless,positive,diverse,coherent,fluent\n");
    for row in 0..100_000 {
        write!(text, "question {},\"reply {row}, as it was drawn\"", row / 32).expect("a string");
        for _ in 0..7 {
            write!(text, ",{}", next() * 4.0 - 2.0).expect("a string");
        }
        text.push('\n');
    }
    let mut best = f64::INFINITY;
    for _ in 0..7 {
        let start = Instant::now();
        let read = import("rewards.csv", text.as_bytes(), &ImportOptions::default(), &mut |_| {});
        assert_eq!(read.expect("a table").set.answers.len(), 100_000);
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{:.0} ms for {:.1} MB", best * 1e3, text.len() as f64 / 1e6);
}
