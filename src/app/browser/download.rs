//! Handing files over to be saved.

use gloo_timers::callback::Timeout;
use gloo_utils::document;
use wasm_bindgen::{JsCast, JsValue};

/// How long the browser may take to fetch what it was given to save, milliseconds.
const FETCHED: u32 = 60_000;

/// Hands `text` to the browser to save as `name`; `false` where the browser does not allow it.
pub fn save(name: &str, text: &str) -> bool {
    save_part(name, &JsValue::from_str(text))
}

/// The same with bytes.
pub fn save_bytes(name: &str, bytes: &[u8]) -> bool {
    save_part(name, &js_sys::Uint8Array::from(bytes))
}

fn save_part(name: &str, part: &JsValue) -> bool {
    let address = web_sys::Blob::new_with_blob_sequence(&js_sys::Array::of1(part))
        .and_then(|blob| web_sys::Url::create_object_url_with_blob(&blob));
    let pressed = address.and_then(|address| {
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
