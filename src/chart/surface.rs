//! What charts are drawn on: a canvas of device pixels, or an SVG. Both are one plotters backend, so that the code of
//! every chart is in the page once. Eighths of a CSS pixel are its unit.
//!
//! Plotters speaks in whole units and plotters-canvas takes a unit for a pixel of the canvas, which would
//! round curves and line widths to whole device pixels. Here the canvas has exactly the device's pixels and
//! the context is scaled, so that lines fall where they belong at any pixel ratio.

use palette_chart::{About, SvgSurface};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use plotters_canvas::CanvasBackend;
use std::convert::Infallible;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Drawing units in a CSS pixel; that of an SVG is the same.
const UNITS: u32 = 8;

/// What charts draw on.
pub type Area = DrawingArea<Surface, Shift>;

/// Sizes the canvas to the device pixels it covers, clears it and lets `draw` paint on it; `draw` is told the
/// units in a CSS pixel. Nothing is drawn while the canvas is not laid out or gives no context.
pub fn draw_on<E>(canvas: &HtmlCanvasElement, draw: impl FnOnce(&Area, f64) -> Result<(), E>) -> bool {
    let (width, height) = (canvas.client_width().max(0) as u32, canvas.client_height().max(0) as u32);
    if width == 0 || height == 0 {
        return false;
    }
    // A part of the page that is enlarged covers more pixels than its layout says.
    let enlarged = canvas.get_bounding_client_rect().width() / f64::from(width);
    let enlarged = if enlarged.is_finite() { enlarged.clamp(0.25, 4.0) } else { 1.0 };
    let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio()) * enlarged;
    let ratio = ratio.clamp(0.25, 8.0);
    canvas.set_width((f64::from(width) * ratio).round() as u32);
    canvas.set_height((f64::from(height) * ratio).round() as u32);
    let context = canvas
        .get_context("2d")
        .ok()
        .flatten()
        .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
    let (Some(context), Some(backend)) = (context, CanvasBackend::with_canvas_object(canvas.clone())) else {
        return false;
    };
    // Setting the size has cleared the canvas and its transformation.
    let scale = ratio / f64::from(UNITS);
    if context.scale(scale, scale).is_err() {
        return false;
    }
    context.set_line_join("round");
    let fine = Surface::Canvas(backend, (width * UNITS, height * UNITS));
    draw(&fine.into_drawing_area(), f64::from(UNITS)).is_ok()
}

/// The same as an SVG; `None` where `draw` fails.
pub fn draw_picture<E>(about: &About, draw: impl FnOnce(&Area, f64) -> Result<(), E>) -> Option<String> {
    let (surface, ink) = SvgSurface::new(about.size);
    draw(&Surface::Svg(surface).into_drawing_area(), f64::from(UNITS)).ok()?;
    Some(ink.document(about))
}

/// See the module's text.
pub enum Surface {
    /// With its size in units.
    Canvas(CanvasBackend, (u32, u32)),
    Svg(SvgSurface),
}

type CanvasError = <CanvasBackend as DrawingBackend>::ErrorType;
type Drawn = Result<(), DrawingErrorKind<CanvasError>>;

/// Writing an SVG cannot fail.
fn written(done: Result<(), DrawingErrorKind<Infallible>>) -> Drawn {
    done.map_err(|error| match error {
        DrawingErrorKind::DrawingError(never) => match never {},
        DrawingErrorKind::FontError(error) => DrawingErrorKind::FontError(error),
    })
}

/// One call of the backend on whichever it is.
macro_rules! on {
    ($surface:expr, $backend:ident => $call:expr) => {
        match $surface {
            Surface::Canvas($backend, _) => $call,
            Surface::Svg($backend) => written($call),
        }
    };
}

impl DrawingBackend for Surface {
    type ErrorType = CanvasError;

    fn get_size(&self) -> (u32, u32) {
        match self {
            Surface::Canvas(_, size) => *size,
            Surface::Svg(svg) => svg.get_size(),
        }
    }

    fn ensure_prepared(&mut self) -> Drawn {
        on!(self, backend => backend.ensure_prepared())
    }

    fn present(&mut self) -> Drawn {
        on!(self, backend => backend.present())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        on!(self, backend => backend.draw_pixel(point, color))
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        on!(self, backend => backend.draw_line(from, to, style))
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        on!(self, backend => backend.draw_rect(upper_left, bottom_right, style, fill))
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        on!(self, backend => backend.draw_path(path, style))
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        on!(self, backend => backend.draw_circle(center, radius, style, fill))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vert: I,
        style: &S,
    ) -> Drawn {
        on!(self, backend => backend.fill_polygon(vert, style))
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, pos: BackendCoord) -> Drawn {
        on!(self, backend => backend.draw_text(text, style, pos))
    }
}
