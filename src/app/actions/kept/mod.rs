//! Keeping the work in this browser as it comes, and having it back: after a reload, a crash, another page, a
//! new version, in the next tab once this one is closed.
//!
//! Every tab has a work of its own and writes to no other. A new tab goes on where the last closed one
//! stopped.

mod answers;
mod files;
mod record;
mod restore;
mod write;

use crate::app::state::Page;

pub use answers::{begin_job, keep_answers};
pub use restore::{delete_damaged, download_damaged, start};
pub use write::start_afresh;

/// Keeps whatever is worked on from now on.
pub fn follow(page: Page) {
    write::follow(page);
    files::follow(page);
}

/// A name that no other work has.
fn new_name() -> String {
    format!("{:x}-{:x}", js_sys::Date::now() as u64, (js_sys::Math::random() * 1e12) as u64)
}
