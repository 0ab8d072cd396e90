//! The entry of the worker that has the models as well.

fn main() {
    palette_worker::start();
}
