//! The strips of several values as one picture, each with its name and the numbers of its axis.

use super::marks::{label, sizes};
use super::{Paint, StripChart, draw_strip};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

/// A strip with what stands around it.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedStrip {
    pub name: String,
    /// What comes out and what was asked, in words.
    pub words: String,
    pub strip: StripChart,
    /// Places on the axis with their labels.
    pub ticks: Vec<(f64, String)>,
    pub paint: Paint,
}

/// CSS pixels left free on both sides of a strip.
pub const STRIP_INSET: f64 = 9.0;
const TITLE: f64 = 22.0;
const STRIP: f64 = 66.0;
const TICKS: f64 = 18.0;
const APART: f64 = 12.0;
const EACH: f64 = TITLE + STRIP + TICKS + APART;

/// CSS pixels from top to bottom that so many strips take.
pub fn strips_height(strips: usize) -> u32 {
    (EACH * strips as f64).ceil() as u32
}

/// Draws the strips one below another; `unit` is the number of backend units in a CSS pixel.
pub fn draw_strips<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    strips: &[NamedStrip],
    unit: f64,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let (px, wide) = sizes(unit);
    let width = f64::from(area.dim_in_pixel().0) / unit;
    for (i, named) in strips.iter().enumerate() {
        let top = EACH * i as f64;
        let paint = &named.paint;
        let name = label(unit, paint.accent, HPos::Left, VPos::Center);
        area.draw_text(&named.name, &name, (px(STRIP_INSET), px(top + 0.5 * TITLE)))?;
        let words = label(unit, paint.ink, HPos::Right, VPos::Center);
        area.draw_text(&named.words, &words, (px(width - STRIP_INSET), px(top + 0.5 * TITLE)))?;
        let (from, to) = (px(top + TITLE), px(top + TITLE + STRIP));
        let lane = area.clone().shrink((0, from), (px(width), to - from));
        draw_strip(&lane, &named.strip, paint, unit, STRIP_INSET)?;
        let [low, high] = named.strip.axis;
        for (at, words) in &named.ticks {
            let share = if high > low { ((at - low) / (high - low)).clamp(0.0, 1.0) } else { 0.5 };
            let x = px(STRIP_INSET + share * (width - 2.0 * STRIP_INSET));
            let mark = PathElement::new(vec![(x, to), (x, to + px(4.0))], paint.line.stroke_width(wide(1.0)));
            area.draw(&mark)?;
            // A label at an end stands inward.
            let across = if share < 0.04 {
                HPos::Left
            } else if share > 0.96 {
                HPos::Right
            } else {
                HPos::Center
            };
            area.draw_text(words, &label(unit, paint.muted, across, VPos::Top), (x, to + px(5.0)))?;
        }
    }
    Ok(())
}
