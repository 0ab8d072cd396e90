//! Weights from the network or the browser's cache, verified against the manifest before anything is made of
//! them.

mod cache;
mod kept;
mod loads;
mod network;
mod own_file;
mod progress;
mod transfer;

pub(super) use kept::{delete, fetch_model, stored, verify};
pub(super) use loads::Loads;

pub(super) const LANGUAGE_MODEL: &str = "language-model";
pub(super) const ENCODER: &str = "encoder";
