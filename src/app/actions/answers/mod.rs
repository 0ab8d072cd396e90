//! Drawing answers, and what drawing needs: prompts, models, heads and links.

pub mod align;
pub mod heads;
pub mod jobs;
pub mod linked;
pub mod own_model;
pub mod prompt_file;
pub mod share;
pub mod stored;
pub mod topics;
