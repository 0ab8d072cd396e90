//! The browser, as far as the page uses it. Knows nothing of the page's state.

pub mod carried;
pub mod clipboard;
pub mod deflate;
pub mod download;
pub mod events;
pub mod fetch;
pub mod frame;
pub mod kept;
pub mod language;
pub mod local_storage;
pub mod media;
pub mod picture;
pub mod saved_sets;
pub mod scroll;
pub mod storage;
pub mod tab;
pub mod theme;
