//! The chart of one figure along a target's level: a price, or a weight.

use super::Paint;
use super::marks::{dashes, label, sizes};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

/// The content of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveChart {
    /// Ends of the axis of levels.
    pub axis: [f64; 2],
    /// Places on it with their labels.
    pub ticks: Vec<(f64, String)>,
    /// Places on the axis of the figure, which begins at 0, with their labels.
    pub up_ticks: Vec<(f64, String)>,
    /// Level and figure, in the order of levels.
    pub points: Vec<(f64, f64)>,
    /// The level that is asked for.
    pub asked: Option<f64>,
    /// The level beyond which nothing can be had.
    pub edge: Option<f64>,
    /// What the figure is, written above its axis.
    pub up: String,
}

const LEFT: f64 = 40.0;
const FOOT: f64 = 20.0;
const HEAD: f64 = 20.0;
const EDGE: f64 = 20.0;

/// Draws the chart; `unit` is the number of backend units in a CSS pixel.
pub fn draw_curve<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    chart: &CurveChart,
    paint: &Paint,
    unit: f64,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let (px, wide) = sizes(unit);
    let (width, height) = area.dim_in_pixel();
    let (right, floor) = (f64::from(width) / unit - EDGE, f64::from(height) / unit - FOOT);
    let figures = || chart.points.iter().map(|point| point.1);
    let (least, most) = (figures().fold(0.0, f64::min), figures().fold(0.0, f64::max));
    let room = if most > least { most - least } else { 1.0 };
    let [low, high] = chart.axis;
    let across = |level: f64| {
        let share = if high > low { ((level - low) / (high - low)).clamp(0.0, 1.0) } else { 0.5 };
        px(LEFT + share * (right - LEFT))
    };
    let down = |figure: f64| px(floor - (figure - least) / room * (floor - HEAD));
    let line = |points: Vec<(i32, i32)>, style: ShapeStyle| PathElement::new(points, style);
    let text = |h, v| label(unit, paint.muted, h, v);

    area.draw_text(&chart.up, &text(HPos::Left, VPos::Top), (px(LEFT - 34.0), px(1.0)))?;
    for (figure, words) in chart.up_ticks.iter().filter(|(figure, _)| (least..=most).contains(figure)) {
        let ends = vec![(px(LEFT), down(*figure)), (px(right), down(*figure))];
        area.draw(&line(ends, paint.line.stroke_width(wide(1.0))))?;
        area.draw_text(words, &text(HPos::Right, VPos::Center), (px(LEFT - 6.0), down(*figure)))?;
    }
    for (level, words) in &chart.ticks {
        area.draw_text(words, &text(HPos::Center, VPos::Top), (across(*level), px(floor + 6.0)))?;
    }
    let ends = vec![(px(LEFT), px(floor)), (px(right), px(floor))];
    area.draw(&line(ends, paint.muted.stroke_width(wide(1.0))))?;
    if let Some(asked) = chart.asked {
        for [from, to] in dashes(HEAD, floor) {
            let ends = vec![(across(asked), px(from)), (across(asked), px(to))];
            area.draw(&line(ends, paint.accent.stroke_width(wide(1.6))))?;
        }
    }
    if let Some(edge) = chart.edge {
        let ends = vec![(across(edge), px(HEAD)), (across(edge), px(floor))];
        area.draw(&line(ends, paint.bad.stroke_width(wide(2.0))))?;
    }
    let points: Vec<(i32, i32)> =
        chart.points.iter().map(|(level, figure)| (across(*level), down(*figure))).collect();
    for point in &points {
        area.draw(&Circle::new(*point, px(2.2), paint.ink.filled()))?;
    }
    area.draw(&line(points, paint.ink.stroke_width(wide(1.8))))
}
