//! Solvers beside one another on the table at hand: the paper's procedure as its authors' code does it,
//! gradient ascent, L-BFGS, and this project's, each with its error, its passes over the rows, its time and
//! its verdict.

mod ascent;
mod csv;
mod lbfgs;
mod paper;
mod report;
mod study;
mod task;
mod words;

pub(crate) use paper::adam_path;
pub use report::{Ended, Lab, LabMethod, LabRun, Setting};
pub use study::LabStudy;
pub(crate) use task::Task;
