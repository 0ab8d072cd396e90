//! What the page does: it sends requests, hears the replies and changes the state. Knows no view.

pub mod address;
pub mod answers;
pub mod export;
pub mod files;
pub mod models;
pub mod page_link;
pub mod saved;
pub mod sets;
pub mod share;
pub mod solving;
pub mod studies;
