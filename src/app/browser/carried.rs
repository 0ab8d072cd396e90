//! The page in one file: opened from a disk, without a server, with the models in a second file. Knows what
//! scripts/one-file/carried.js has put there.

use gloo_file::File;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The second file, as it was made with this page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelsFile {
    /// Empty where the page was built without models.
    pub name: String,
    pub bytes: u64,
}

/// The file that the models come from; `None` where the page is served, and they come from beside it.
pub fn models_file() -> Option<ModelsFile> {
    let carried = carried()?;
    let part = |name: &str| Reflect::get(&carried, &name.into()).ok();
    let name = part("modelsFile")?.as_string()?;
    Some(ModelsFile { name, bytes: part("modelsBytes")?.as_f64()? as u64 })
}

/// Takes the models out of a file, once each part of it has its SHA-256. The error is a sentence.
pub async fn take_models(file: &File) -> Result<(), String> {
    let unforeseen = |_| "The file could not be looked at. Reload the page and choose it again.".to_owned();
    let carried = carried().unwrap_or(JsValue::UNDEFINED);
    let take: Function =
        Reflect::get(&carried, &"takeModels".into()).and_then(JsCast::dyn_into).map_err(unforeseen)?;
    let blob: &web_sys::Blob = file.as_ref();
    let taking: Promise = take.call1(&carried, blob).and_then(JsCast::dyn_into).map_err(unforeseen)?;
    let said = JsFuture::from(taking).await.map_err(unforeseen)?.as_string().unwrap_or_default();
    if said.is_empty() { Ok(()) } else { Err(said) }
}

fn carried() -> Option<JsValue> {
    Reflect::get(&js_sys::global(), &"mapPaletteCarried".into()).ok().filter(JsValue::is_truthy)
}
