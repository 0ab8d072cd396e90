//! The same palette on groups of prompts: whether the λ that it takes on one group does on another what the palette
//! asks there.

mod csv;
mod fates;
mod groups;
mod report;
mod study;
mod words;

pub use report::{Fate, Transfer, TransferGroup, TransferTarget, Transferred};
pub use study::TransferStudy;
