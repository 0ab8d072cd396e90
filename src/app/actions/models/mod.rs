//! Work on the models' files, and questions about them.

pub mod carried;
pub mod rewards;
pub mod storage;
pub mod tasks;
