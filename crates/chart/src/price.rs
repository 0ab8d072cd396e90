//! The chart of a price that grows along a way, up to an edge.

use super::Paint;
use super::marks::{dashes, even_ticks, label, sizes};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

/// The content of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceChart {
    /// Share of the way, and nats, in order.
    pub points: Vec<(f64, f64)>,
    /// The share at which the way ends.
    pub edge: Option<f64>,
}

const LEFT: f64 = 34.0;
const FOOT: f64 = 20.0;
const HEAD: f64 = 8.0;
const EDGE: f64 = 20.0;

/// Draws the chart; `unit` is the number of backend units in a CSS pixel.
pub fn draw_price<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    chart: &PriceChart,
    paint: &Paint,
    unit: f64,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let (px, wide) = sizes(unit);
    let (width, height) = area.dim_in_pixel();
    let (right, floor) = (f64::from(width) / unit - EDGE, f64::from(height) / unit - FOOT);
    let furthest = chart.points.iter().map(|p| p.0).chain(chart.edge).fold(1.0, f64::max);
    let dearest = chart.points.iter().map(|p| p.1).fold(0.0, f64::max).max(1e-9);
    let across = |share: f64| px(LEFT + share / furthest * (right - LEFT));
    let down = |nats: f64| px(floor - nats / dearest * (floor - HEAD));
    let line = |points: Vec<(i32, i32)>, style: ShapeStyle| PathElement::new(points, style);
    let text = |h, v| label(unit, paint.muted, h, v);

    for nats in even_ticks([0.0, dearest]) {
        let ends = vec![(px(LEFT), down(nats)), (px(right), down(nats))];
        area.draw(&line(ends, paint.line.stroke_width(wide(1.0))))?;
        let nats_said = format!("{nats:.2}");
        let nats_said = nats_said.trim_end_matches('0').trim_end_matches('.');
        area.draw_text(nats_said, &text(HPos::Right, VPos::Center), (px(LEFT - 6.0), down(nats)))?;
    }
    for share in even_ticks([0.0, furthest]) {
        let percent = format!("{:.0}%", 100.0 * share);
        area.draw_text(&percent, &text(HPos::Center, VPos::Top), (across(share), px(floor + 6.0)))?;
    }
    area.draw(&line(
        vec![(px(LEFT), px(floor)), (px(right), px(floor))],
        paint.muted.stroke_width(wide(1.0)),
    ))?;
    // What is asked.
    for [from, to] in dashes(0.0, floor) {
        let ends = vec![(across(1.0), px(from)), (across(1.0), px(to))];
        area.draw(&line(ends, paint.accent.stroke_width(wide(1.6))))?;
    }
    if let Some(edge) = chart.edge {
        area.draw(&line(
            vec![(across(edge), 0), (across(edge), px(floor))],
            paint.bad.stroke_width(wide(2.0)),
        ))?;
    }
    let points: Vec<(i32, i32)> =
        chart.points.iter().map(|(share, nats)| (across(*share), down(*nats))).collect();
    for point in &points {
        area.draw(&Circle::new(*point, px(2.2), paint.ink.filled()))?;
    }
    area.draw(&line(points, paint.ink.stroke_width(wide(1.8))))
}
