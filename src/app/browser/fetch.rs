//! Fetching text that is served beside the page.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// The text at `url`, or why it could not be had (a clause without a full stop).
pub async fn fetch_text(url: &str) -> Result<String, String> {
    let response = JsFuture::from(leptos::prelude::window().fetch_with_str(url))
        .await
        .map_err(|_| "there is no connection and no copy in this browser".to_owned())?;
    let response: Response = response.dyn_into().map_err(|_| "the browser gave no answer".to_owned())?;
    if !response.ok() {
        return Err(format!("the server answered {} for {url}", response.status()));
    }
    let text = response.text().map_err(|_| "the answer has no text".to_owned())?;
    let text = JsFuture::from(text).await.map_err(|_| "the connection broke off".to_owned())?;
    text.as_string().ok_or_else(|| "the answer has no text".to_owned())
}
