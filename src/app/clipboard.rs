//! Copying text.

use super::state::Page;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Copies an address and says `done`; where the browser does not allow it, says the address instead.
pub fn copy(page: Page, address: String, done: &'static str) {
    leptos::task::spawn_local(async move {
        let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into()).ok().filter(|value| value.is_truthy());
        let copied = match clipboard {
            // Outside a secure context there is no clipboard at all.
            Some(_) => JsFuture::from(window().navigator().clipboard().write_text(&address)).await.is_ok(),
            None => false,
        };
        if copied {
            page.say(done);
        } else {
            page.say(format!("This browser does not let the page copy. The address to share is: {address}"));
        }
    });
}
