//! Drawing with plotters, generic over the backend. Colours and sizes are passed in; nothing here knows the
//! page's state.

mod canvas;
mod density;
mod hatch;
mod intervals;
mod marks;
mod paint;
mod plane;
mod price;
mod strip;

pub use canvas::draw_on;
pub use density::{Density, density};
pub use intervals::{IntervalChart, IntervalRow, draw_intervals};
pub use marks::even_ticks;
pub use paint::{Paint, colour};
pub use plane::{PLANE_FOOT, PLANE_LEFT, PlaneChart, PlaneReach, draw_plane};
pub use price::{PriceChart, draw_price};
pub use strip::{StripChart, draw_strip};
