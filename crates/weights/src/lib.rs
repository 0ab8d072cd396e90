//! The list of weights that the page loads, the check of what arrives against it, and (feature `convert`)
//! what makes them of downloads.

#[cfg(feature = "convert")]
mod convert;
mod error;
pub mod manifest;
#[cfg(feature = "convert")]
mod quantise;

#[cfg(feature = "convert")]
pub use convert::{Arguments, run};
pub use error::WeightsError;
