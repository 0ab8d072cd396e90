//! The tables of the MAP paper (arXiv 2410.19198) recomputed: given its authors' rewards, what they published
//! beside the exact solution of every palette, which verdicts differ, and why.

mod file;
mod log;
mod published;
mod recomputed;

pub use file::read_file;
pub use log::read_log;
pub use published::{Published, read_published};
pub use recomputed::{PaperReport, PaperRow, PaperStudy, PaperValue, Says};
