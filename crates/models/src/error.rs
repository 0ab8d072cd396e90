//! What can go wrong with a model, in sentences a person can act on.

/// An error of the models.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error(transparent)]
    Weights(#[from] palette_weights::WeightsError),
    #[error("The weights cannot be read: {0}")]
    Format(String),
    #[error("The weights lack the tensor {0}.")]
    MissingTensor(String),
    #[error("The weights lack {0} in their description.")]
    MissingMetadata(String),
    #[error("The prompt has {tokens} tokens; the model reads at most {limit}. Shorten it.")]
    PromptTooLong { tokens: usize, limit: usize },
    #[error("{0}")]
    Setting(String),
    #[error("{0}")]
    Unsupported(String),
    #[error("The model failed while computing: {0}")]
    Compute(#[from] candle_core::Error),
}
