//! Links that say what to draw.

mod read;
mod write;

pub use read::apply;
pub use write::{can_carry, copy_form, copy_task};
