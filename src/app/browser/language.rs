//! How numbers are written in the language that the browser is set to.

use gloo_utils::window;
use js_sys::{Array, Intl, JsString, Object};
use wasm_bindgen::{JsCast, JsValue};

/// Whether decimals are written after a comma, as `1,5`.
pub fn has_decimal_comma() -> bool {
    let Some(language) = window().navigator().language() else { return false };
    // An unknown language is passed over by the browser, which takes its own.
    let Ok(known) = Intl::get_canonical_locales(&JsValue::from_str(&language)).dyn_into::<Array>() else {
        return false;
    };
    let format = Intl::NumberFormat::new(&known, &Object::new()).format();
    let written = format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(1.5)).ok();
    written.and_then(|text| text.dyn_into::<JsString>().ok()).is_some_and(|text| {
        // Arabic has a decimal sign of its own, which stands for neither.
        String::from(text).contains(',')
    })
}
