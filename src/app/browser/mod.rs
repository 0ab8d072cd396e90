//! What the page asks of the browser. Knows nothing of the page's state.

pub mod clipboard;
pub mod download;
pub mod fetch;
pub mod local_storage;
pub mod saved_sets;
pub mod scroll;
pub mod storage;
pub mod theme;
