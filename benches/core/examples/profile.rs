use core_bench::Bench;
use std::time::Instant;
fn main() {
    let csv = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let mut bench = Bench::new(&csv, 0, 0);
    let start = Instant::now();
    bench.solve_cold(20000);
    println!("{} us per solve, {} its", start.elapsed().as_secs_f64() * 1e6 / 20000.0, bench.iterations());
}
