//! What is done with the models' files, and what is asked about them.

pub mod rewards;
pub mod storage;
pub mod tasks;
