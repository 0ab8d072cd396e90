//! A plotters backend that writes SVG: text stays text, and lengths are CSS pixels, with eighths of one as the
//! backend's unit as on the page's canvas.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt::Write;
use std::rc::Rc;

/// Units of the backend in a CSS pixel.
const UNITS: u32 = 8;

/// What a picture is, beside what is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct About<'a> {
    /// CSS pixels across and down.
    pub size: [u32; 2],
    pub ground: RGBColor,
    /// Its name, for whoever does not see it.
    pub title: &'a str,
    /// All that it says, in words.
    pub words: &'a str,
}

/// What was drawn so far.
#[derive(Clone, Debug, Default)]
pub struct Ink(Rc<RefCell<String>>);

/// The surface to draw on.
pub struct SvgSurface {
    ink: Ink,
    size: (u32, u32),
}

impl SvgSurface {
    /// A surface of so many CSS pixels, and what will have been drawn on it.
    pub fn new([width, height]: [u32; 2]) -> (Self, Ink) {
        let ink = Ink::default();
        (SvgSurface { ink: ink.clone(), size: (width * UNITS, height * UNITS) }, ink)
    }

    fn write(&self, element: std::fmt::Arguments) {
        // Writing to a string cannot fail.
        let _ = self.ink.0.borrow_mut().write_fmt(element);
    }
}

impl Ink {
    /// The whole picture as a document of its own, or to stand in HTML.
    pub fn document(self, about: &About) -> String {
        let [width, height] = about.size;
        let RGBColor(r, g, b) = about.ground;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width}\" height=\"{height}\" \
                viewBox=\"0 0 {width} {height}\" font-family=\"system-ui, sans-serif\" stroke-linejoin=\"round\" \
                stroke-linecap=\"butt\"><title>{}</title><desc>{}</desc>\n\
                <rect width=\"{width}\" height=\"{height}\" fill=\"#{r:02x}{g:02x}{b:02x}\"/>\n{}</svg>\n",
            escaped(about.title),
            escaped(about.words),
            self.0.borrow()
        )
    }
}

/// Draws a picture as SVG; `draw` is told the units in a CSS pixel. The error is that of `draw`.
///
/// # Errors
/// Where `draw` fails.
pub fn draw_svg<E>(
    about: &About,
    draw: impl FnOnce(&DrawingArea<SvgSurface, Shift>, f64) -> Result<(), E>,
) -> Result<String, E> {
    let (surface, ink) = SvgSurface::new(about.size);
    draw(&surface.into_drawing_area(), f64::from(UNITS))?;
    Ok(ink.document(about))
}

/// Text as it stands in XML. What XML has no place for is left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => safe.push(c),
        }
    }
    safe
}

/// CSS pixels with as many decimals as an eighth needs.
fn pixels(units: i32) -> String {
    let text = format!("{:.3}", f64::from(units) / f64::from(UNITS));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn hex(BackendColor { rgb: (r, g, b), .. }: BackendColor) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// ` name="0.38"`, or nothing where the colour is solid.
fn opacity(name: &str, colour: BackendColor) -> String {
    if colour.alpha >= 1.0 { String::new() } else { format!(" {name}=\"{:.3}\"", colour.alpha) }
}

fn filled(colour: BackendColor) -> String {
    format!("fill=\"{}\"{}", hex(colour), opacity("fill-opacity", colour))
}

fn stroked<S: BackendStyle>(style: &S) -> String {
    let colour = style.color();
    format!(
        "fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{}",
        hex(colour),
        pixels(i32::try_from(style.stroke_width()).unwrap_or(i32::MAX)),
        opacity("stroke-opacity", colour)
    )
}

fn points(path: impl IntoIterator<Item = BackendCoord>) -> String {
    let points: Vec<String> = path.into_iter().map(|(x, y)| format!("{},{}", pixels(x), pixels(y))).collect();
    points.join(" ")
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for SvgSurface {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Drawn {
        let side = pixels(1);
        let (x, y, fill) = (pixels(x), pixels(y), filled(colour));
        self.write(format_args!("<rect x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" {fill}/>\n"));
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        a: BackendCoord,
        b: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let how = if fill { filled(style.color()) } else { stroked(style) };
        let (x, y, width, height) = (pixels(a.0), pixels(a.1), pixels(b.0 - a.0), pixels(b.1 - a.1));
        self.write(format_args!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {how}/>\n"));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        if style.color().alpha > 0.0 {
            self.write(format_args!("<polyline points=\"{}\" {}/>\n", points(path), stroked(style)));
        }
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        at: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let how = if fill { filled(style.color()) } else { stroked(style) };
        let radius = pixels(i32::try_from(radius).unwrap_or(i32::MAX));
        let (x, y) = (pixels(at.0), pixels(at.1));
        self.write(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {how}/>\n"));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.write(format_args!("<polygon points=\"{}\" {}/>\n", points(path), filled(style.color())));
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        // Shares of the size by which the baseline lies below what the point marks.
        let down = match style.anchor().v_pos {
            VPos::Top => 0.78,
            VPos::Center => 0.35,
            VPos::Bottom => -0.22,
        };
        let size = style.size();
        let baseline = y + (down * size).round() as i32;
        let size = pixels(size.round() as i32);
        let (x, y, fill) = (pixels(x), pixels(baseline), filled(style.color()));
        self.write(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\" {fill}>{}</text>\n",
            escaped(text)
        ));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LIGHT, PriceChart, draw_price};

    fn price() -> String {
        let about = About {
            size: [300, 160],
            ground: LIGHT.ground,
            title: "Price <of> “a & b”",
            words: "0.4 nats at\nthe edge\u{1}",
        };
        let chart = PriceChart { points: vec![(0.0, 0.0), (0.5, 0.1), (0.9, 0.4)], edge: Some(0.95) };
        draw_svg(&about, |area, unit| draw_price(area, &chart, &LIGHT, unit)).expect("text cannot fail")
    }

    #[test]
    fn texts_stay_texts_and_lengths_are_pixels() {
        let svg = price();
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
        assert!(svg.contains("width=\"300\" height=\"160\" viewBox=\"0 0 300 160\""));
        assert!(svg.contains("<title>Price &lt;of&gt; “a &amp; b”</title><desc>0.4 nats at the edge</desc>"));
        for words in [">0.2</text>", ">50%</text>", ">100%</text>"] {
            assert!(svg.contains(words), "{words} in {svg}");
        }
        assert!(svg.contains("font-size=\"11\""), "labels are as high as on the page");
        assert_eq!(svg.matches('<').count(), svg.matches('>').count());
    }

    #[test]
    fn nothing_lies_outside_the_picture() {
        for circle in price().split("<circle ").skip(1) {
            let number = |name: &str| -> f64 {
                let rest = circle.split(&format!("{name}=\"")).nth(1).expect("the attribute");
                rest.split('"').next().expect("its end").parse().expect("a number")
            };
            assert!((0.0..=300.0).contains(&number("cx")) && (0.0..=160.0).contains(&number("cy")));
        }
    }
}
