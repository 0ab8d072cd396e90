//! Pictures as pixels.

use gloo_utils::document;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement, Url};

/// An SVG as PNG, with `scale` pixels for each of its own; `None` where the browser does not make it.
pub async fn png(svg: &str, scale: f64) -> Option<Blob> {
    let kind = BlobPropertyBag::new();
    kind.set_type("image/svg+xml");
    let parts = js_sys::Array::of1(&JsValue::from_str(svg));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &kind).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let drawn = drawn(&address, scale).await;
    let _ = Url::revoke_object_url(&address);
    let canvas = drawn?;
    let made = js_sys::Promise::new(&mut |resolve, reject| {
        if canvas.to_blob(&resolve).is_err() {
            let _ = reject.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(made).await.ok()?.dyn_into::<Blob>().ok()
}

/// The picture at this address on a canvas of its own.
async fn drawn(address: &str, scale: f64) -> Option<HtmlCanvasElement> {
    let image = HtmlImageElement::new().ok()?;
    image.set_src(address);
    JsFuture::from(image.decode()).await.ok()?;
    let size = [image.natural_width(), image.natural_height()].map(|side| (f64::from(side) * scale).round());
    let canvas = document().create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
    canvas.set_width(size[0] as u32);
    canvas.set_height(size[1] as u32);
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, size[0], size[1]).ok()?;
    Some(canvas)
}
