//! Messages as JavaScript values for `postMessage`.

use js_sys::{Array, Object, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

/// A message as a JavaScript value. Whole numbers beyond 2⁵³ (seeds) travel as `BigInt`, so none is rounded.
pub fn to_js<T: Serialize>(message: &T) -> Result<JsValue, serde_wasm_bindgen::Error> {
    message.serialize(&Serializer::new().serialize_large_number_types_as_bigints(true))
}

/// The inverse of [`to_js`].
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, serde_wasm_bindgen::Error> {
    serde_wasm_bindgen::from_value(value)
}

/// The buffers of a message's packed lists, for `postMessage` to hand over instead of copying them.
/// [`to_js`] has made each for this message alone.
pub fn buffers(message: &JsValue) -> Array {
    let found = Array::new();
    collect(message, &found);
    found
}

fn collect(value: &JsValue, found: &Array) {
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        found.push(&bytes.buffer());
    } else if let Some(object) = value.dyn_ref::<Object>()
        // Lists and maps hold no packed list, and may be long.
        && Object::get_prototype_of(object) == Object::get_prototype_of(&Object::new())
    {
        Object::values(object).iter().for_each(|value| collect(&value, found));
    }
}
