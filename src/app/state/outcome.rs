//! A palette, solved.

use palette_protocol::SetKey;
use palette_study::{Pooling, Report};
use palette_tables::Palette;

/// A palette with the solver's answer to it.
#[derive(Debug)]
pub struct Outcome {
    pub set_id: usize,
    /// The same, with what was in it.
    pub set: SetKey,
    pub palette: Palette,
    pub pooling: Pooling,
    pub report: Report,
    /// Probability of every answer under what can be had at a finite λ.
    pub weights: Vec<f64>,
}
