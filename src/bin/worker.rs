//! The worker's entry.

fn main() {
    map_palette::worker::start();
}
