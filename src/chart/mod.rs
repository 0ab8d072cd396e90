//! Drawing with plotters, generic over the backend. Colours and sizes are passed in; nothing here knows the
//! page's state.

mod canvas;
mod density;
mod intervals;
mod paint;
mod strip;

pub use canvas::draw_on;
pub use density::{Density, density};
pub use intervals::{IntervalChart, IntervalRow, draw_intervals, even_ticks};
pub use paint::Paint;
pub use strip::{StripChart, draw_strip};
