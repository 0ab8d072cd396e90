//! A canvas of device pixels as a plotters backend with eighths of a CSS pixel as its unit.
//!
//! Plotters speaks in whole units and plotters-canvas takes a unit for a pixel of the canvas, which would
//! round curves and line widths to whole device pixels. Here the canvas has exactly the device's pixels and
//! the context is scaled, so that lines fall where they belong at any pixel ratio.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Drawing units in a CSS pixel.
const UNITS: u32 = 8;

/// Sizes the canvas to the device pixels it covers, clears it and lets `draw` paint on it; `draw` is told the
/// units in a CSS pixel. Nothing is drawn while the canvas is not laid out or gives no context.
pub fn draw_on<E>(
    canvas: &HtmlCanvasElement,
    draw: impl FnOnce(&DrawingArea<FineCanvas, Shift>, f64) -> Result<(), E>,
) -> bool {
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
    let fine = FineCanvas { backend, size: (width * UNITS, height * UNITS) };
    draw(&fine.into_drawing_area(), f64::from(UNITS)).is_ok()
}

/// See the module's text.
pub struct FineCanvas {
    backend: CanvasBackend,
    size: (u32, u32),
}

type Drawn = Result<(), DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

impl DrawingBackend for FineCanvas {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        self.backend.ensure_prepared()
    }

    fn present(&mut self) -> Drawn {
        self.backend.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.backend.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.backend.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.backend.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.backend.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.backend.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vert: I,
        style: &S,
    ) -> Drawn {
        self.backend.fill_polygon(vert, style)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, pos: BackendCoord) -> Drawn {
        self.backend.draw_text(text, style, pos)
    }
}
