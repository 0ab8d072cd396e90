//! A palette on a table: the report of what it takes, and the studies beside it: repairs, drafts, trust, one
//! value after another, picking.

pub mod align;
pub mod compose;
mod drafts;
pub mod ground;
pub mod interval;
mod packed;
mod repairs;
mod sequences;
mod solution;
mod study;
pub mod trust;
pub mod words;

pub use solution::*;
pub use study::*;
