//! What charts are made of alike: sizes in CSS pixels, labels, dashes, and round numbers on an axis.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// CSS pixels that a label is high.
const TEXT: f64 = 11.0;
/// CSS pixels of a dash, and from one to the next.
const DASH: [f64; 2] = [4.0, 7.0];

/// CSS pixels as places and as widths of lines, where a pixel has `unit` units of the backend.
pub(super) fn sizes(unit: f64) -> (impl Fn(f64) -> i32 + Copy, impl Fn(f64) -> u32 + Copy) {
    let px = move |pixels: f64| (pixels * unit).round() as i32;
    let wide = move |pixels: f64| (pixels * unit).round().max(1.0) as u32;
    (px, wide)
}

/// How a label is written that stands so to its point.
pub(super) fn label(unit: f64, colour: RGBColor, across: HPos, up: VPos) -> TextStyle<'static> {
    let style = TextStyle::from(("sans-serif", TEXT * unit)).pos(Pos::new(across, up));
    TextStyle { color: colour.to_backend_color(), ..style }
}

/// CSS pixels that a title takes above a picture.
pub const TITLE: u32 = 24;

/// Writes a title above a picture and gives the area that is left for it.
pub fn under_title<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    title: &str,
    ink: RGBColor,
    unit: f64,
) -> Result<DrawingArea<DB, Shift>, DrawingAreaErrorKind<DB::ErrorType>> {
    let (px, _) = sizes(unit);
    let (head, rest) = area.split_vertically(px(f64::from(TITLE)));
    head.draw_text(
        title,
        &label(unit, ink, HPos::Left, VPos::Center),
        (px(6.0), px(0.5 * f64::from(TITLE))),
    )?;
    Ok(rest)
}

/// Beginning and end of every dash of a line, in CSS pixels along it.
pub(super) fn dashes(from: f64, to: f64) -> impl Iterator<Item = [f64; 2]> {
    let begin = move |k: usize| from + k as f64 * DASH[1];
    (0..).map(begin).take_while(move |at| *at < to).map(move |at| [at, (at + DASH[0]).min(to)])
}

/// Round numbers within the axis, a few of them, evenly apart.
pub fn even_ticks([low, high]: [f64; 2]) -> Vec<f64> {
    const ABOUT: f64 = 4.0;
    let rough = (high - low) / ABOUT;
    if !(rough.is_finite() && rough > 0.0) {
        return Vec::new();
    }
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|of| of * power).into_iter().find(|step| *step >= rough);
    let step = step.unwrap_or(rough);
    let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
    (first..=last).map(|n| n as f64 * step).collect()
}

/// A level with its sign, in three figures or so: `+0.69`, `−2.0`, `0`.
pub fn level(x: f64) -> String {
    if x == 0.0 {
        return "0".into();
    }
    let size = x.abs();
    let text = if (0.001..1e6).contains(&size) {
        let places = (2.0 - size.log10().floor()).clamp(0.0, 6.0) as usize;
        let text = format!("{size:.places$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    } else {
        format!("{size:.1e}")
    };
    format!("{}{text}", if x < 0.0 { "−" } else { "+" })
}

/// Ends of the axis of a column of rewards between `least` and `most`, and its step: a round number, of which both
/// ends are whole multiples. A far outlier does not squeeze all others into a line.
pub fn tick_axis([least, most]: [f64; 2], mean: f64, standard_deviation: f64) -> ([f64; 2], f64) {
    let (mut low, mut high) = if standard_deviation > 0.0 {
        (least.max(mean - 4.5 * standard_deviation), most.min(mean + 4.5 * standard_deviation))
    } else {
        let around = (mean.abs() * 0.1).max(1e-3);
        (mean - around, mean + around)
    };
    let margin = 0.04 * (high - low);
    low -= margin;
    high += margin;
    let step = 10f64.powf(((high - low) / 150.0).log10().floor());
    ([(low / step).floor() * step, (high / step).ceil() * step], step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(even_ticks([-0.9, 1.1]), [-0.5, 0.0, 0.5, 1.0]);
        assert_eq!(even_ticks([3.0, 43.0]), [10.0, 20.0, 30.0, 40.0]);
        assert!(even_ticks([1.0, 1.0]).is_empty());
        assert!(even_ticks([f64::NAN, 1.0]).is_empty());
    }

    #[test]
    fn levels_are_short_and_have_their_sign() {
        let said = [0.0, 0.5, -2.04, 13.26, 0.0004, 1.0, 1500.0].map(level);
        assert_eq!(said, ["0", "+0.5", "−2.04", "+13.3", "+4.0e-4", "+1", "+1500"]);
    }

    #[test]
    fn dashes_end_where_the_line_does() {
        assert_eq!(dashes(1.0, 10.0).collect::<Vec<_>>(), [[1.0, 5.0], [8.0, 10.0]]);
        assert_eq!(dashes(3.0, 3.0).count(), 0);
    }
}
