//! Palettes from the command line: a reward table and a palette in, a report out, as JSON or in words.

pub(crate) mod align;
mod ask;
pub(crate) mod batch;
pub(crate) mod compare;
mod drafts;
pub(crate) mod export;
mod holds;
pub(crate) mod input;
pub(crate) mod lab;
pub(crate) mod paper;
mod parquet;
mod plane;
mod price;
pub(crate) mod print;
pub(crate) mod ranges;
pub(crate) mod repair;
mod scaling;
pub(crate) mod sequential;
pub(crate) mod solve;
pub(crate) mod study;
mod transfer;
mod why_not;

pub(crate) use input::BadInput;
