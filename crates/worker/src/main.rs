//! The worker's entry.

fn main() {
    palette_worker::start();
}
