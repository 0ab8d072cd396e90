//! The chart of a value strip: where the value was, where the palette asks it to be, where it is.

use super::marks::sizes;
use super::{Density, Paint};
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

/// The content of a value strip; levels in the value's own unit.
#[derive(Clone, Debug, PartialEq)]
pub struct StripChart {
    /// Ends of the axis.
    pub axis: [f64; 2],
    pub base: Density,
    pub base_mean: f64,
    /// The distribution after alignment, once it is known.
    pub aligned: Option<Density>,
    pub realised: Option<f64>,
    /// 95% interval of the realised level.
    pub interval: Option<[f64; 2]>,
    /// The level on prompts that the weights were not solved on, where it should be marked.
    pub held_out: Option<f64>,
    /// The target's lower end.
    pub target: Option<f64>,
    /// The target's upper end, where it has one of its own.
    pub target_upper: Option<f64>,
    /// Whether the lower end lies beyond the largest reachable level.
    pub too_high: bool,
    /// Whether the upper end lies below the smallest reachable level.
    pub too_low: bool,
}

/// Pixels below the axis, where interval and realised level are drawn.
const FOOT: f64 = 10.0;
/// Share of the height that the higher of both curves takes.
const FILL: f64 = 0.86;
/// The first pixels from above, which the target line crosses on its way from the handle.
const HEAD: f64 = 12.0;

/// Draws a strip. `unit` is the number of backend units in a CSS pixel, `inset` the CSS pixels left free at
/// both sides, so that the axis ends under the ends of the slider's way.
pub fn draw_strip<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    chart: &StripChart,
    paint: &Paint,
    unit: f64,
    inset: f64,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let (px, wide) = sizes(unit);
    let (width, height) = area.dim_in_pixel();
    let (width, height) = (width as i32, height as i32);
    let floor = height - px(FOOT);
    let plot = area.margin(px(HEAD), px(FOOT), px(inset), px(inset));

    let peak = chart.base.peak().max(chart.aligned.as_ref().map_or(0.0, Density::peak));
    let top = if peak > 0.0 { peak / FILL } else { 1.0 };
    let [low, high] = chart.axis;
    let (across, down) = plot.get_pixel_range();
    let spec = Cartesian2d::<RangedCoordf64, RangedCoordf64>::new(
        low..high,
        0.0..top,
        (across, down.end..down.start),
    );
    let curves = plot.apply_coord_spec(spec);

    if !chart.base.points.is_empty() {
        curves.draw(&under(&chart.base, paint.base.mix(0.55).filled()))?;
    }
    if let Some(aligned) = chart.aligned.as_ref().filter(|aligned| !aligned.points.is_empty()) {
        curves.draw(&under(aligned, paint.accent.mix(0.36).filled()))?;
        curves.draw(&PathElement::new(aligned.points.clone(), paint.accent.stroke_width(wide(1.6))))?;
    }
    area.draw(&PathElement::new(
        vec![(px(inset), floor), (width - px(inset), floor)],
        paint.line.stroke_width(wide(1.0)),
    ))?;

    let inner = f64::from(width) - 2.0 * inset * unit;
    let place = |level: f64| {
        let share = ((level - low) / (high - low)).clamp(0.0, 1.0);
        (inset * unit + share * inner).round() as i32
    };
    let upright =
        |x: i32, from: i32, to: i32, style: ShapeStyle| PathElement::new(vec![(x, from), (x, to)], style);

    let base = place(chart.base_mean);
    area.draw(&upright(base, floor - px(13.0), floor + px(4.0), paint.muted.stroke_width(wide(1.5))))?;

    if let Some([from, to]) = chart.interval {
        let y = floor + px(5.0);
        area.draw(&PathElement::new(
            vec![(place(from), y), (place(to), y)],
            paint.accent.mix(0.65).stroke_width(wide(2.0)),
        ))?;
    }
    if let Some(held) = chart.held_out {
        let y = floor + px(5.0);
        area.draw(&Circle::new((place(held), y), px(2.5), paint.muted.stroke_width(wide(1.5))))?;
    }
    // An exact target is a lower end alone, and may be missed either way.
    let lower_missed = chart.too_high || (chart.too_low && chart.target_upper.is_none());
    let lower = chart.target.map(|target| (target, if lower_missed { paint.bad } else { paint.accent }));
    let upper =
        chart.target_upper.map(|target| (target, if chart.too_low { paint.bad } else { paint.accent }));
    for (target, color) in lower.into_iter().chain(upper) {
        let x = place(target);
        let style = color.stroke_width(wide(1.5));
        let mut y = 0;
        while y < floor {
            area.draw(&upright(x, y, (y + px(3.0)).min(floor), style))?;
            y += px(6.0);
        }
    }
    if let Some(realised) = chart.realised {
        area.draw(&upright(
            place(realised),
            floor - px(2.5),
            floor + px(9.0),
            paint.accent.stroke_width(wide(4.0)),
        ))?;
    }
    Ok(())
}

/// The area between a curve and the axis.
fn under(curve: &Density, style: ShapeStyle) -> Polygon<(f64, f64)> {
    let first = curve.points.first().map(|p| (p.0, 0.0));
    let last = curve.points.last().map(|p| (p.0, 0.0));
    Polygon::new(first.into_iter().chain(curve.points.iter().copied()).chain(last).collect::<Vec<_>>(), style)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::density;
    use plotters_backend::DrawingErrorKind;

    #[derive(Default)]
    struct Counted {
        shapes: usize,
        outside: usize,
    }

    /// A backend that counts what is drawn and what lies outside.
    struct Counter<'a>(&'a mut Counted);

    impl DrawingBackend for Counter<'_> {
        type ErrorType = std::convert::Infallible;
        fn get_size(&self) -> (u32, u32) {
            (560, 80)
        }
        fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
            Ok(())
        }
        fn present(&mut self) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
            Ok(())
        }
        fn draw_pixel(
            &mut self,
            _: (i32, i32),
            _: plotters_backend::BackendColor,
        ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
            Ok(())
        }
        fn draw_path<S: plotters_backend::BackendStyle, I: IntoIterator<Item = (i32, i32)>>(
            &mut self,
            path: I,
            _: &S,
        ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
            self.0.shapes += 1;
            self.0.outside +=
                path.into_iter().filter(|(x, y)| !(0..=560).contains(x) || !(0..=80).contains(y)).count();
            Ok(())
        }
        fn fill_polygon<S: plotters_backend::BackendStyle, I: IntoIterator<Item = (i32, i32)>>(
            &mut self,
            path: I,
            style: &S,
        ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
            self.draw_path(path, style)
        }
    }

    #[test]
    fn stays_inside_its_box_whatever_the_levels() {
        let values = [-1.0, 0.0, 0.3, 2.0];
        let curve = density(&values, |_| 0.25, -1.0, 2.0, 0.3);
        let chart = StripChart {
            axis: [-1.0, 2.0],
            base: curve.clone(),
            base_mean: 0.3,
            aligned: Some(curve),
            realised: Some(5.0),
            interval: Some([-9.0, 9.0]),
            target: Some(100.0),
            target_upper: Some(200.0),
            held_out: Some(-50.0),
            too_high: true,
            too_low: true,
        };
        let grey = RGBColor(1, 2, 3);
        let paint =
            Paint { base: grey, ink: grey, muted: grey, line: grey, accent: grey, bad: grey, ground: grey };
        let mut counted = Counted::default();
        draw_strip(&Counter(&mut counted).into_drawing_area(), &chart, &paint, 1.0, 8.0)
            .expect("the counter cannot fail");
        assert!(counted.shapes > 6);
        assert_eq!(counted.outside, 0);
    }
}
