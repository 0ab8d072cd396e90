//! What can be wrong with weights that arrived, in sentences a person can act on.

/// Weights that are not what the manifest says.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum WeightsError {
    #[error(
        "The weights file {file} has {found} bytes, but {expected} are expected: it was cut off. Load it \
            again."
    )]
    CutOff { file: String, found: u64, expected: u64 },
    #[error(
        "The weights file {file} is not the one this page was built for (its SHA-256 differs): it is corrupt \
            or from another version. Load it again."
    )]
    Corrupt { file: String },
    #[error("The list of weights (manifest.json) is damaged: {0}. Set the weights up again.")]
    NoManifest(String),
    #[error("The weights cannot be read: the manifest lists no model called {0}")]
    NoModel(String),
}
