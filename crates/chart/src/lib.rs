//! Drawing with plotters, generic over the backend: the same code draws on the page's canvas and into an SVG.
//! Colours and sizes are passed in; nothing here knows the page's state.

mod curve;
mod density;
mod hatch;
mod intervals;
mod marks;
mod paint;
mod plane;
mod price;
mod strip;
mod strips;
mod svg;

pub use curve::{CurveChart, draw_curve};
pub use density::{Density, bandwidth, density};
pub use intervals::{IntervalChart, IntervalRow, draw_intervals};
pub use marks::{TITLE, even_ticks, level, tick_axis, under_title};
pub use paint::{LIGHT, Paint, accent, colour};
pub use plane::{PLANE_FOOT, PLANE_LEFT, PlaneChart, PlaneReach, PriceLine, draw_plane};
pub use price::{PriceChart, draw_price};
pub use strip::{StripChart, draw_strip};
pub use strips::{NamedStrip, STRIP_INSET, draw_strips, strips_height};
pub use svg::{About, Ink, SvgSurface, draw_svg};
