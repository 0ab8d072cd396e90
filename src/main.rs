//! The page.

fn main() {
    map_palette::app::mount();
}
