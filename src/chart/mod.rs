//! The charts of `palette-chart` on the page: on a canvas, and as pictures to save.

mod surface;

pub use palette_chart::*;
pub use surface::{Area, draw_on, draw_picture};
