//! The chart of two values at once: the answers as dots, what can be had, and where the palette stands.

use super::Paint;
use super::hatch::{Half, hatch_beyond};
use super::marks::{dashes, label, sizes};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

/// The content of the chart; points are pairs of levels.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaneChart {
    /// Ends of the axes: across, then up.
    pub axes: [[f64; 2]; 2],
    /// Places on each axis with their labels.
    pub ticks: [Vec<(f64, String)>; 2],
    /// Place and radius in CSS pixels.
    pub dots: Vec<([f64; 2], f64)>,
    pub reach: PlaneReach,
    /// Lines of equal price.
    pub prices: Vec<PriceLine>,
    /// Levels that are asked for on each axis, with the colour of its value.
    pub targets: [(Vec<f64>, RGBColor); 2],
    pub base: [f64; 2],
    pub aligned: Option<[f64; 2]>,
}

/// A line on which both values cost the same.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceLine {
    /// In nats.
    pub label: String,
    /// Pieces of it: it ends where nothing can be had.
    pub pieces: Vec<Vec<[f64; 2]>>,
}

/// What of the plane can be had.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum PlaneReach {
    #[default]
    Unknown,
    Nothing,
    Within {
        /// Corners where one takes from the other, from the upper left.
        frontier: Vec<[f64; 2]>,
        /// Beyond their polyline, likewise from the upper left, it is proved that nothing can be had.
        bound: Vec<[f64; 2]>,
        /// All corners.
        outline: Vec<[f64; 2]>,
        /// It belongs to an earlier palette.
        stale: bool,
    },
}

/// CSS pixels left of and below the plane, for the labels of the axes.
pub const PLANE_LEFT: f64 = 40.0;
pub const PLANE_FOOT: f64 = 20.0;
const HALF_A_LABEL: f64 = 6.0;
/// Ways to each side, in which words get an edge of the ground's colour.
const SEAM: [(f64, f64); 4] = [(-1.0, 0.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0)];
/// CSS pixels between the lines of the hatching.
const HATCH: f64 = 8.0;

/// Draws the chart; `unit` is the number of backend units in a CSS pixel.
pub fn draw_plane<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    chart: &PlaneChart,
    paint: &Paint,
    unit: f64,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let (px, wide) = sizes(unit);
    let (width, height) = area.dim_in_pixel();
    let (right, floor) = (f64::from(width) / unit, f64::from(height) / unit - PLANE_FOOT);
    if right <= PLANE_LEFT || floor <= 2.0 * HALF_A_LABEL {
        // There is no room for a plane.
        return Ok(());
    }
    // In CSS pixels, wherever the level lies.
    let across = |x: f64| share(x, chart.axes[0]) * (right - PLANE_LEFT) + PLANE_LEFT;
    let down = |y: f64| floor - share(y, chart.axes[1]) * floor;
    let inside = |x: f64, y: f64| (px(x.clamp(PLANE_LEFT, right)), px(y.clamp(0.0, floor)));
    let at = |[x, y]: [f64; 2]| inside(across(x), down(y));
    let line = |points: Vec<(i32, i32)>, style: ShapeStyle| PathElement::new(points, style);
    let text = |colour: RGBColor, h, v| label(unit, colour, h, v);

    for (x, words) in &chart.ticks[0] {
        let x = across(*x);
        let style = text(paint.muted, HPos::Center, VPos::Top);
        area.draw(&line(
            vec![(px(x), px(0.0)), (px(x), px(floor))],
            paint.line.mix(0.5).stroke_width(wide(1.0)),
        ))?;
        area.draw_text(words, &style, (px(x.min(right - 16.0)), px(floor + 6.0)))?;
    }
    for (y, words) in &chart.ticks[1] {
        let y = down(*y);
        let style = text(paint.muted, HPos::Right, VPos::Center);
        let ends = vec![(px(PLANE_LEFT), px(y)), (px(right), px(y))];
        area.draw(&line(ends, paint.line.mix(0.5).stroke_width(wide(1.0))))?;
        area.draw_text(
            words,
            &style,
            (px(PLANE_LEFT - 6.0), px(y.clamp(HALF_A_LABEL, floor - HALF_A_LABEL))),
        )?;
    }
    for (place, radius) in &chart.dots {
        let (x, y) = (across(place[0]), down(place[1]));
        if (PLANE_LEFT..=right).contains(&x) && (0.0..=floor).contains(&y) {
            area.draw(&Circle::new((px(x), px(y)), px(*radius), paint.muted.mix(0.38).filled()))?;
        }
    }

    let hatched = |halves: &[Half], strength: f64| {
        let style = paint.bad.mix(strength).stroke_width(wide(1.0));
        let lines = hatch_beyond(halves, [PLANE_LEFT, 0.0, right, floor], HATCH);
        lines
            .into_iter()
            .map(move |[a, b]| PathElement::new(vec![inside(a[0], a[1]), inside(b[0], b[1])], style))
            .collect::<Vec<_>>()
    };
    match &chart.reach {
        PlaneReach::Unknown => {}
        PlaneReach::Nothing => {
            for stroke in hatched(&[[0.0, 0.0, -1.0]], 0.45) {
                area.draw(&stroke)?;
            }
        }
        PlaneReach::Within { frontier, bound, outline, stale } => {
            let fade = if *stale { 0.4 } else { 1.0 };
            let corners: Vec<[f64; 2]> = bound.iter().map(|[x, y]| [across(*x), down(*y)]).collect();
            for stroke in hatched(&halves_within(&corners), 0.45 * fade) {
                area.draw(&stroke)?;
            }
            if let Some(first) = outline.first().filter(|_| outline.len() > 1) {
                let ring = outline.iter().chain([first]).map(|p| at(*p)).collect();
                area.draw(&line(ring, paint.muted.mix(0.5 * fade).stroke_width(wide(1.0))))?;
            }
            if frontier.len() > 1 {
                let points = frontier.iter().map(|p| at(*p)).collect();
                area.draw(&line(points, paint.bad.mix(fade).stroke_width(wide(2.0))))?;
            }
        }
    }

    let mut labelled: Vec<[f64; 2]> = Vec::new();
    for price in &chart.prices {
        let style = paint.ink.mix(0.55).stroke_width(wide(1.0));
        let mut best: Option<[f64; 2]> = None;
        for piece in price.pieces.iter().filter(|piece| piece.len() > 1) {
            area.draw(&line(piece.iter().map(|point| at(*point)).collect(), style))?;
            // The label stands low on the line, away from what is mostly asked for.
            let place = |[x, y]: [f64; 2]| [across(x), down(y)];
            let fits = |[x, y]: &[f64; 2]| {
                (PLANE_LEFT + 22.0..right - 22.0).contains(x) && (8.0..floor - 8.0).contains(y)
            };
            let free = |[x, y]: &[f64; 2]| {
                labelled.iter().all(|[a, b]| (x - a).abs() > 34.0 || (y - b).abs() > 13.0)
            };
            let candidates = piece.iter().map(|point| place(*point)).filter(fits).filter(free);
            best = candidates.chain(best).max_by(|a, b| (0.2 * a[0] + a[1]).total_cmp(&(0.2 * b[0] + b[1])));
        }
        if let Some([x, y]) = best {
            for (dx, dy) in SEAM {
                let beside = (px(x) + px(1.4 * dx), px(y) + px(1.4 * dy));
                area.draw_text(&price.label, &text(paint.ground, HPos::Center, VPos::Center), beside)?;
            }
            area.draw_text(&price.label, &text(paint.ink, HPos::Center, VPos::Center), (px(x), px(y)))?;
            labelled.push([x, y]);
        }
    }

    for (i, (targets, colour)) in chart.targets.iter().enumerate() {
        for target in targets {
            let [begin, end] = if i == 0 { [0.0, floor] } else { [PLANE_LEFT, right] };
            for [from, to] in dashes(begin, end) {
                let ends = if i == 0 {
                    [inside(across(*target), from), inside(across(*target), to)]
                } else {
                    [inside(from, down(*target)), inside(to, down(*target))]
                };
                area.draw(&line(ends.to_vec(), colour.stroke_width(wide(1.6))))?;
            }
        }
    }

    let base = at(chart.base);
    if let Some(aligned) = chart.aligned {
        area.draw(&line(vec![base, at(aligned)], paint.ink.stroke_width(wide(1.5))))?;
        area.draw(&Circle::new(at(aligned), px(5.5), paint.ink.filled()))?;
    }
    area.draw(&Circle::new(base, px(4.5), paint.ground.filled()))?;
    area.draw(&Circle::new(base, px(4.5), paint.ink.stroke_width(wide(2.0))))?;
    let aligned = chart.aligned.map(at);
    // Each label on the side that is away from the other point.
    let right_of = aligned.is_some_and(|aligned| aligned.0 < base.0);
    for (words, point, rightward) in [("base", Some(base), right_of), ("aligned", aligned, !right_of)] {
        let Some((x, y)) = point else { continue };
        let room = px(56.0);
        let rightward = if rightward { x + room < px(right) } else { x - room < px(PLANE_LEFT) };
        let (h, x) = if rightward { (HPos::Left, x + px(9.0)) } else { (HPos::Right, x - px(9.0)) };
        let y = (y + px(11.0)).min(px(floor - 7.0));
        // A seam of the ground's colour keeps the words apart from what lies below them.
        for (dx, dy) in SEAM {
            let beside = (x + px(1.4 * dx), y + px(1.4 * dy));
            area.draw_text(words, &text(paint.ground, h, VPos::Center), beside)?;
        }
        area.draw_text(words, &text(paint.ink, h, VPos::Center), (x, y))?;
    }
    Ok(())
}

/// Where a level lies on an axis, 0 to 1 within it.
fn share(x: f64, [low, high]: [f64; 2]) -> f64 {
    if high > low { (x - low) / (high - low) } else { 0.5 }
}

/// The half-planes whose common part lies below and left of a polyline from the upper left, in pixels downward.
fn halves_within(corners: &[[f64; 2]]) -> Vec<Half> {
    let (Some(first), Some(last)) = (corners.first(), corners.last()) else { return Vec::new() };
    let mut halves = vec![[1.0, 0.0, last[0]], [0.0, -1.0, -first[1]]];
    for pair in corners.windows(2) {
        // Outward, square to the way: up and to the right.
        let normal = [pair[1][1] - pair[0][1], pair[0][0] - pair[1][0]];
        halves.push([normal[0], normal[1], normal[0] * pair[0][0] + normal[1] * pair[0][1]]);
    }
    halves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_and_left_of_the_frontier_lies_within() {
        // From (10, 10) at the upper left to (50, 60) at the lower right, in pixels downward.
        let halves = halves_within(&[[10.0, 10.0], [40.0, 20.0], [50.0, 60.0]]);
        let within = |x: f64, y: f64| halves.iter().all(|[a, b, c]| a * x + b * y <= c + 1e-9);
        assert!(within(0.0, 50.0) && within(40.0, 20.0) && within(50.0, 90.0) && within(5.0, 10.0));
        assert!(!within(0.0, 5.0) && !within(45.0, 21.0) && !within(51.0, 90.0) && !within(30.0, 12.0));
    }
}
