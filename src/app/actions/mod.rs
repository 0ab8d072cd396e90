//! The work of the page: sending requests, hearing the replies and changing the state. Knows no view.

pub mod address;
pub mod answers;
pub mod away;
pub mod export;
pub mod files;
pub mod kept;
pub mod learn;
pub mod link;
pub mod models;
pub mod saved_sets;
pub mod solving;
pub mod studies;
pub mod table;
pub mod table_studies;
pub mod words;
