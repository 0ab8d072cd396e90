//! Copying text.

use gloo_utils::window;
use wasm_bindgen_futures::JsFuture;

/// Copies `text`; `false` where the browser does not allow it.
pub async fn copy(text: &str) -> bool {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into())
        .ok()
        .filter(|value| value.is_truthy());
    match clipboard {
        // Outside a secure context there is no clipboard at all.
        Some(_) => JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok(),
        None => false,
    }
}
