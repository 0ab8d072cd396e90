//! The entry of the worker that has no models: it solves, studies and reads tables.

fn main() {
    palette_worker::start();
}
