//! What the solver said.

use crate::protocol::{Pooling, Solved};
use crate::table::Palette;

/// A palette with the solver's answer to it.
#[derive(Debug)]
pub struct Outcome {
    pub set_id: usize,
    pub palette: Palette,
    pub pooling: Pooling,
    pub solved: Solved,
}
