//! Drawing answers, and what drawing needs: prompts, models, heads and links.

pub mod align;
pub mod compare;
pub mod heads;
pub mod jobs;
pub mod link;
pub mod own_model;
pub mod prompts;
pub mod stored_models;
pub mod topics;
