//! Points with their intervals, one below another on the same axis, and what was asked as a line through all.

use super::Paint;
use super::marks::{dashes, label, sizes};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

/// The content of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct IntervalChart {
    /// Ends of the axis.
    pub axis: [f64; 2],
    /// Places on the axis with their labels.
    pub ticks: Vec<(f64, String)>,
    pub rows: Vec<IntervalRow>,
    /// Where the target begins, ends, or both.
    pub targets: Vec<f64>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct IntervalRow {
    pub label: String,
    pub mean: f64,
    pub interval: Option<[f64; 2]>,
    /// Set apart from the others, by its shape as well.
    pub strong: bool,
}

/// CSS pixels of a row, below the rows, for the labels, and at the right edge.
const ROW: f64 = 18.0;
const FOOT: f64 = 22.0;
const GUTTER: f64 = 148.0;
const EDGE: f64 = 18.0;
/// Longest label in characters that has room.
const LONGEST: usize = 24;

impl IntervalChart {
    /// CSS pixels that it needs from top to bottom.
    pub fn height(&self) -> f64 {
        ROW * self.rows.len() as f64 + FOOT
    }
}

/// Draws the chart; `unit` is the number of backend units in a CSS pixel.
pub fn draw_intervals<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    chart: &IntervalChart,
    paint: &Paint,
    unit: f64,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let (px, wide) = sizes(unit);
    let width = f64::from(area.dim_in_pixel().0) / unit;
    let (left, right) = (GUTTER, (width - EDGE).max(GUTTER + 1.0));
    let floor = ROW * chart.rows.len() as f64;
    let [low, high] = chart.axis;
    let place = |level: f64| {
        let share = if high > low { ((level - low) / (high - low)).clamp(0.0, 1.0) } else { 0.5 };
        px(left + share * (right - left))
    };
    let line = |from: (i32, i32), to: (i32, i32), style: ShapeStyle| PathElement::new([from, to], style);

    for (at, words) in &chart.ticks {
        let x = place(*at);
        area.draw(&line((x, 0), (x, px(floor + 4.0)), paint.line.stroke_width(wide(1.0))))?;
        let style = label(unit, paint.muted, HPos::Center, VPos::Top);
        area.draw_text(words, &style, (x, px(floor + 7.0)))?;
    }
    for target in &chart.targets {
        let x = place(*target);
        for [from, to] in dashes(0.0, floor) {
            area.draw(&line((x, px(from)), (x, px(to)), paint.accent.stroke_width(wide(1.8))))?;
        }
    }
    for (i, row) in chart.rows.iter().enumerate() {
        let y = px(ROW * (i as f64 + 0.5));
        let colour = if row.strong { paint.ink } else { paint.muted };
        let style = label(unit, colour, HPos::Right, VPos::Center);
        area.draw_text(&shortened(&row.label), &style, (px(left - 10.0), y))?;
        let colour = if row.strong { paint.accent } else { paint.muted };
        if let Some([from, to]) = row.interval {
            let thick = if row.strong { 3.0 } else { 1.6 };
            area.draw(&line((place(from), y), (place(to), y), colour.stroke_width(wide(thick))))?;
            for end in [place(from), place(to)] {
                area.draw(&line((end, y - px(3.0)), (end, y + px(3.0)), colour.stroke_width(wide(1.4))))?;
            }
        }
        let (x, size) = (place(row.mean), px(if row.strong { 5.0 } else { 3.5 }));
        if row.strong {
            let diamond = vec![(x, y - size), (x + size, y), (x, y + size), (x - size, y)];
            area.draw(&Polygon::new(diamond, colour.filled()))?;
        } else {
            area.draw(&Circle::new((x, y), size, colour.filled()))?;
        }
    }
    Ok(())
}

fn shortened(label: &str) -> String {
    if label.chars().count() <= LONGEST {
        return label.to_owned();
    }
    format!("{}…", label.chars().take(LONGEST - 1).collect::<String>().trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use plotters_backend::{BackendColor, BackendStyle, BackendTextStyle, DrawingErrorKind};
    use std::convert::Infallible;

    #[derive(Default)]
    struct Seen {
        texts: Vec<String>,
        points: Vec<(i32, i32)>,
        circles: usize,
    }

    struct Watcher<'a>(&'a mut Seen);

    type Done = Result<(), DrawingErrorKind<Infallible>>;

    impl DrawingBackend for Watcher<'_> {
        type ErrorType = Infallible;
        fn get_size(&self) -> (u32, u32) {
            (400, 80)
        }
        fn ensure_prepared(&mut self) -> Done {
            Ok(())
        }
        fn present(&mut self) -> Done {
            Ok(())
        }
        fn draw_pixel(&mut self, _: (i32, i32), _: BackendColor) -> Done {
            Ok(())
        }
        fn draw_path<S: BackendStyle, I: IntoIterator<Item = (i32, i32)>>(&mut self, path: I, _: &S) -> Done {
            self.0.points.extend(path);
            Ok(())
        }
        fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = (i32, i32)>>(
            &mut self,
            path: I,
            style: &S,
        ) -> Done {
            self.draw_path(path, style)
        }
        fn draw_circle<S: BackendStyle>(&mut self, at: (i32, i32), _: u32, _: &S, _: bool) -> Done {
            self.0.points.push(at);
            self.0.circles += 1;
            Ok(())
        }
        fn draw_text<S: BackendTextStyle>(&mut self, text: &str, _: &S, at: (i32, i32)) -> Done {
            self.0.texts.push(text.to_owned());
            self.0.points.push(at);
            Ok(())
        }
    }

    #[test]
    fn every_row_is_there_and_inside_whatever_the_levels() {
        let row =
            |label: &str, mean, interval, strong| IntervalRow { label: label.into(), mean, interval, strong };
        let chart = IntervalChart {
            axis: [0.0, 1.0],
            ticks: vec![(0.5, "+0.50".into())],
            rows: vec![
                row("Base", 0.2, Some([-3.0, 9.0]), false),
                row("A method of a very long name indeed", 40.0, None, true),
            ],
            targets: vec![0.6, 7.0],
        };
        let grey = RGBColor(1, 2, 3);
        let paint =
            Paint { base: grey, ink: grey, muted: grey, line: grey, accent: grey, bad: grey, ground: grey };
        let mut seen = Seen::default();
        draw_intervals(&Watcher(&mut seen).into_drawing_area(), &chart, &paint, 1.0).expect("it cannot fail");
        assert_eq!(seen.texts, ["+0.50", "Base", "A method of a very long…"]);
        assert_eq!(seen.circles, 1);
        assert!(seen.points.iter().all(|(x, y)| (0..=400).contains(x) && (0..=80).contains(y)));
        assert_eq!(chart.height(), 58.0);
    }
}
