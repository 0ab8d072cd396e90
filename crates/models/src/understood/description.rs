//! The numbers of a model that the forward pass needs, out of its description.

use super::keys;
use crate::ModelError;
use crate::gguf::{Metadata, shown};

/// Families of models that are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Architecture {
    /// Rotary pairs stand side by side.
    Llama,
    /// Rotary pairs are a number of a head's first half and one of its second.
    Qwen2,
}

/// What a model is, as far as its layers go.
#[derive(Clone, Debug)]
pub(crate) struct Description {
    pub architecture: Architecture,
    pub width: usize,
    pub layers: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub head_width: usize,
    /// Width of the feed-forward part, where it is said.
    pub feed: Option<usize>,
    /// Number of tokens, where it is said.
    pub vocabulary: Option<usize>,
    /// Tokens that the model was made to read at once, where it is said.
    pub context: Option<usize>,
    pub epsilon: f32,
    pub rope_base: f32,
    /// What every rotary angle is divided by: linear scaling; 1 for none.
    pub rope_divisor: f64,
}

fn refused<T>(sentence: String) -> Result<T, ModelError> {
    Err(ModelError::Unsupported(sentence))
}

impl Architecture {
    fn of(metadata: &Metadata) -> Result<Self, ModelError> {
        match metadata.text("general.architecture")? {
            Some("llama") => Ok(Architecture::Llama),
            Some("qwen2") => Ok(Architecture::Qwen2),
            Some("") | None => {
                refused("It does not say of which architecture it is. Take another file of the model.".into())
            }
            Some(other) => refused(format!(
                "It is of the architecture “{}”. This program runs the llama family: SmolLM2, TinyLlama, \
                    Llama 2 and 3, Qwen2 and 2.5, and their like. Choose one of those.",
                shown(other)
            )),
        }
    }

    /// What its keys begin with.
    pub(super) fn name(self) -> &'static str {
        match self {
            Architecture::Llama => "llama",
            Architecture::Qwen2 => "qwen2",
        }
    }
}

impl Description {
    /// Holds every key against the list of those that are understood, and takes the numbers out.
    ///
    /// # Errors
    /// A sentence about the first key that is not understood, is missing or makes no sense.
    pub(crate) fn read(metadata: &Metadata) -> Result<Self, ModelError> {
        keys::check_kind(metadata)?;
        let architecture = Architecture::of(metadata)?;
        keys::check(metadata, architecture.name())?;
        let key = |name: &str| format!("{}.{name}", architecture.name());
        let count = |name: &str| metadata.count(&key(name));
        let needed = |name: &str| match count(name)? {
            Some(0) => {
                refused(format!("Its key {} is 0, which makes no model. Take another file of it.", key(name)))
            }
            Some(count) => Ok(count),
            None => Err(ModelError::MissingMetadata(key(name))),
        };
        let width = needed("embedding_length")?;
        let heads = needed("attention.head_count")?;
        // A file that does not say has a key-value head for every head, and turns by the usual angles.
        let kv_heads = count("attention.head_count_kv")?.unwrap_or(heads);
        if kv_heads == 0 || !heads.is_multiple_of(kv_heads) {
            return refused(format!(
                "Its description contradicts itself: {heads} heads cannot share {kv_heads} key-value heads. \
                    Take another file of the model."
            ));
        }
        let head_width = match count("attention.key_length")? {
            Some(head_width) => head_width,
            None if width.is_multiple_of(heads) => width / heads,
            None => {
                return refused(format!(
                    "Its description contradicts itself: {heads} heads do not divide a width of {width}. \
                        Take another file of the model."
                ));
            }
        };
        let turned = count("rope.dimension_count")?.unwrap_or(head_width);
        if head_width == 0 || !head_width.is_multiple_of(2) || turned != head_width {
            return refused(format!(
                "Its heads are {head_width} wide, and {turned} of that turn with the position; only heads of \
                    an even width that turn as a whole are supported. Take another model."
            ));
        }
        if let Some(values) = count("attention.value_length")?.filter(|values| *values != head_width) {
            return refused(format!(
                "Its keys are {head_width} wide and its values {values}, which this program does not \
                    support. Take another model."
            ));
        }
        let epsilon = metadata
            .number(&key("attention.layer_norm_rms_epsilon"))?
            .ok_or_else(|| ModelError::MissingMetadata(key("attention.layer_norm_rms_epsilon")))?;
        let rope_base = metadata.number(&key("rope.freq_base"))?.unwrap_or(10_000.0);
        if !(0.0..1.0).contains(&epsilon) || !(1.0..=1e12).contains(&rope_base) {
            return refused(format!(
                "Its description makes no sense: an ε of {epsilon} in its norms and a base of {rope_base} \
                    for its positions. Take another file of the model."
            ));
        }
        Ok(Description {
            architecture,
            width,
            layers: needed("block_count")?,
            heads,
            kv_heads,
            head_width,
            feed: count("feed_forward_length")?,
            vocabulary: count("vocab_size")?,
            context: count("context_length")?.filter(|context| *context > 0),
            epsilon: epsilon as f32,
            rope_base: rope_base as f32,
            rope_divisor: rope_divisor(metadata, architecture.name())?,
        })
    }
}

/// What scaling divides every rotary angle by.
fn rope_divisor(metadata: &Metadata, architecture: &str) -> Result<f64, ModelError> {
    let key = |name: &str| format!("{architecture}.rope.{name}");
    let kind = metadata.text(&key("scaling.type"))?;
    // The older name of the same number.
    let factor = match metadata.number(&key("scaling.factor"))? {
        Some(factor) => Some(factor),
        None => metadata.number(&key("scale_linear"))?,
    };
    match (kind, factor) {
        (None, None) | (Some("none"), _) => Ok(1.0),
        // A factor without a kind is a linear one.
        (None | Some("linear"), Some(factor)) if (1e-3..=1e6).contains(&factor) => Ok(factor),
        // Written so where nothing is scaled.
        (None, Some(0.0)) => Ok(1.0),
        (None | Some("linear"), Some(factor)) => refused(format!(
            "It scales its positions (RoPE scaling) by {factor}, which makes no sense. Take another file of \
                the model."
        )),
        (Some("linear"), None) => Err(ModelError::MissingMetadata(key("scaling.factor"))),
        (Some(other), _) => refused(format!(
            "It scales its positions by the kind of RoPE scaling “{}”, which this program does not support; \
                none, linear, and that of Llama 3 are. Take a model without it, or the one from before it \
                was made to read longer texts.",
            shown(other)
        )),
    }
}
