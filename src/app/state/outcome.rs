//! A palette, solved.

use palette_study::{Pooling, Solved};
use palette_tables::Palette;

/// A palette with the solver's answer to it.
#[derive(Debug)]
pub struct Outcome {
    pub set_id: usize,
    pub palette: Palette,
    pub pooling: Pooling,
    pub solved: Solved,
}
