//! Handing files over to be saved.

use gloo_timers::callback::Timeout;
use gloo_utils::document;
use wasm_bindgen::{JsCast, JsValue};

/// How long the browser may take to fetch what it was given to save, milliseconds.
const FETCHED: u32 = 60_000;

/// Hands `text` to the browser to save as `name`; `false` where the browser does not allow it.
pub fn save(name: &str, text: &str) -> bool {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    web_sys::Blob::new_with_str_sequence(&parts).is_ok_and(|blob| save_blob(name, &blob))
}

/// The same with bytes.
pub fn save_bytes(name: &str, bytes: &[u8]) -> bool {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    web_sys::Blob::new_with_u8_array_sequence(&parts).is_ok_and(|blob| save_blob(name, &blob))
}

/// Likewise what the browser made.
pub fn save_blob(name: &str, blob: &web_sys::Blob) -> bool {
    let pressed = web_sys::Url::create_object_url_with_blob(blob).and_then(|address| {
        let link = document().create_element("a")?;
        link.set_attribute("href", &address)?;
        link.set_attribute("download", name)?;
        if let Some(link) = link.dyn_ref::<web_sys::HtmlElement>() {
            link.click();
        }
        Timeout::new(FETCHED, move || drop(web_sys::Url::revoke_object_url(&address))).forget();
        Ok(())
    });
    pressed.is_ok()
}
