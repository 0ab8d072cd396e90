//! What can go wrong with a model, in sentences a person can act on.

/// An error of the models.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error(transparent)]
    Weights(#[from] palette_weights::WeightsError),
    #[error("The weights cannot be read: {0}.")]
    Format(String),
    #[error("It lacks the tensor {0}, so it is no whole model of this kind. Take another file of the model.")]
    MissingTensor(String),
    #[error("It lacks the key {0} in its description. Take another file of the model.")]
    MissingMetadata(String),
    #[error("The prompt has {tokens} tokens; the model reads at most {limit}. Shorten it.")]
    PromptTooLong { tokens: usize, limit: usize },
    #[error("{0}")]
    Setting(String),
    #[error("{0}")]
    Unsupported(String),
    #[error(
        "The model's numbers grow beyond all bounds, so what it says means nothing: its file is damaged."
    )]
    NotFinite,
    #[error("The weights could not be unpacked: {0}")]
    Unpacking(#[from] candle_core::Error),
}
