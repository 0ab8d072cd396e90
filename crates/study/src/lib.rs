//! A palette on a table: the report of what it takes, and the studies beside it: repairs, drafts, trust, one
//! value after another, picking.

pub mod align;
pub mod compose;
pub mod diagnostics;
mod drafts;
pub mod interval;
mod packed;
pub mod prepared;
mod repairs;
mod sequences;
mod solution;
mod study;
pub mod trust;

pub use solution::*;
pub use study::*;
