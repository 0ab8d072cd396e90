//! Packing texts for a link by the browser's own streams (raw DEFLATE).

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The bytes packed; `None` where this browser has no such streams.
pub async fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    through("CompressionStream", bytes).await.ok()
}

/// The inverse; `None` for bytes that are damaged too.
pub async fn unpack(bytes: &[u8]) -> Option<Vec<u8>> {
    through("DecompressionStream", bytes).await.ok()
}

/// What comes out of a stream of this kind. By name, as not every browser has them.
async fn through(kind: &str, bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
    let made = |kind: &str, with: &JsValue| -> Result<JsValue, JsValue> {
        let maker: Function = Reflect::get(&js_sys::global(), &kind.into())?.dyn_into()?;
        Reflect::construct(&maker, &Array::of1(with))
    };
    let called = |on: &JsValue, name: &str, with: &Array| -> Result<JsValue, JsValue> {
        let method: Function = Reflect::get(on, &name.into())?.dyn_into()?;
        Reflect::apply(&method, on, with)
    };
    let blob = made("Blob", &Array::of1(&Uint8Array::from(bytes)))?;
    let stream = called(&blob, "stream", &Array::new())?;
    let packer = made(kind, &"deflate-raw".into())?;
    let piped = called(&stream, "pipeThrough", &Array::of1(&packer))?;
    let response = made("Response", &piped)?;
    let promise: Promise = called(&response, "arrayBuffer", &Array::new())?.dyn_into()?;
    let buffer = JsFuture::from(promise).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
