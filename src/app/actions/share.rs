//! Sharing addresses.

use crate::app::browser::clipboard;
use crate::app::state::Page;

/// Copies an address and says `done`; where the browser does not allow it, says the address instead.
pub fn copy(page: Page, address: String, done: &'static str) {
    leptos::task::spawn_local(async move {
        if clipboard::copy(&address).await {
            page.notify(done);
        } else {
            page.notify(format!(
                "This browser does not let the page copy. The address to share is: {address}"
            ));
        }
    });
}
