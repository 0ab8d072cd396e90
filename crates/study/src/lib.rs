//! A palette on a table: the report of what it takes, and the studies beside it: repairs, drafts, trust, one
//! value after another, picking, methods and solvers compared. Page and command both answer from here; the
//! reports serialise to the command's JSON.

pub mod align;
mod asked;
pub mod away;
mod base;
mod cells;
pub mod compare;
pub mod compose;
pub mod figures;
mod hold;
pub mod interval;
pub mod lab;
pub mod packed;
pub mod paper;
mod prepared;
mod question;
mod report;
mod resolved;
pub mod scaling;
pub mod studies;
mod subgroups;
pub mod transfer;

pub use base::Base;
pub use hold::Hold;
pub use map_align::{Repair, Verdict};
pub use question::{Pooling, Question};
pub use report::*;
