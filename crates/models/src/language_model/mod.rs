//! A decoder of the llama family: the page's own SmolLM2-135M-Instruct, or one of the person's. Reads top to
//! bottom: tokens, cache, layers, the model, drawing.

mod cache;
mod chat;
mod generation;
mod layer;
mod tokenizer;

pub use generation::{Draft, Generation, check};

use cache::{Cache, PrefixCache};
use layer::{Layer, Shape, Workspace, rms_norm};
use tokenizer::Tokens;

use super::ModelError;
use super::gguf::shown;
use super::linear::Linear;
use super::ops::log_sum_exp;
use super::tensors::Tensors;
use super::understood::{Architecture, Description};

/// Longest text that is read, in tokens. The model was trained for more; a page has no use for it.
pub const LONGEST_PROMPT: usize = 1024;
/// Numbers of the stream beyond which squares of them leave float32, so that nothing computed means anything.
const LARGEST: f32 = 1e15;

/// The language model with its tokenizer.
pub struct LanguageModel {
    shape: Shape,
    tokens: Tokens,
    /// [vocabulary, width]; also the output head, where the model has none of its own.
    embedding: Linear,
    output: Option<Linear>,
    layers: Vec<Layer>,
    output_norm: Vec<f32>,
    /// Tokens that the model was made to read at once.
    context: usize,
    prefix_cache: PrefixCache,
}

/// One token to be read: its position, and the sample that it belongs to (`None`: the prefix that all samples
/// share).
#[derive(Clone, Copy, Debug)]
struct Row {
    token: u32,
    position: usize,
    sample: Option<usize>,
}

impl LanguageModel {
    /// Makes the model of its shards' tensors.
    ///
    /// # Errors
    /// When there is anything in them that is not understood, something is missing, or the tokenizer does not
    /// give a text back as it was.
    pub fn new(mut tensors: Tensors) -> Result<Self, ModelError> {
        let description = Description::read(tensors.metadata())?;
        let shape = shape(&mut tensors, &description)?;
        let tokens = Tokens::new(&mut tensors)?;
        let count = description.layers;
        let layers = (0..count).map(|l| Layer::new(&mut tensors, l, &shape)).collect::<Result<_, _>>()?;
        let output_norm = tensors.vector("output_norm.weight")?;
        let embedding = tensors.matrix("token_embd.weight")?;
        let output = if tensors.has("output.weight") { Some(tensors.matrix("output.weight")?) } else { None };
        let head = output.as_ref().unwrap_or(&embedding);
        let sizes = [embedding.inputs(), head.inputs(), output_norm.len()];
        if sizes.iter().any(|n| *n != shape.width)
            || embedding.outputs() != tokens.count()
            || head.outputs() != tokens.count()
        {
            return Err(ModelError::Format("the embedding does not fit the vocabulary or the layers".into()));
        }
        if let Some(name) = tensors.left() {
            return Err(ModelError::Unsupported(format!(
                "Its tensor {} is one that this program does not use. Take another model.",
                shown(name)
            )));
        }
        Ok(LanguageModel {
            shape,
            tokens,
            embedding,
            output,
            layers,
            output_norm,
            context: description.context.unwrap_or(usize::MAX),
            prefix_cache: PrefixCache::default(),
        })
    }

    /// Token ids of plain text. What looks like a special token in it is read as text.
    ///
    /// # Errors
    /// When the tokenizer fails.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        self.tokens.encode(text)
    }

    /// Token ids of the chat that ends where the answer to `prompt` begins, after `system` (`None`: the
    /// model's own system prompt; empty: none).
    ///
    /// # Errors
    /// When the prompt is too long.
    pub fn chat_tokens(&self, prompt: &str, system: Option<&str>) -> Result<Vec<u32>, ModelError> {
        let tokens = self.tokens.chat(prompt, system)?;
        let limit = LONGEST_PROMPT.min(self.context);
        if tokens.len() > limit {
            return Err(ModelError::PromptTooLong { tokens: tokens.len(), limit });
        }
        Ok(tokens)
    }

    /// What a person should know about how the model's file was read, in sentences; mostly nothing.
    pub fn notes(&self) -> &[String] {
        self.tokens.notes()
    }

    /// Text of token ids.
    pub fn decode(&self, tokens: &[u32]) -> String {
        self.tokens.decode(tokens)
    }

    /// log p of every token of `continuation` after `prompt` and the tokens before it, nats.
    ///
    /// # Errors
    /// When the text is too long or the prompt empty.
    pub fn log_probabilities(&self, prompt: &[u32], continuation: &[u32]) -> Result<Vec<f64>, ModelError> {
        let mut found = Vec::with_capacity(continuation.len());
        self.read(prompt, continuation, |logits, next| {
            found.push(f64::from(logits[next as usize]) - log_sum_exp(logits));
        })?;
        Ok(found)
    }

    /// The likeliest next token before every token of `continuation`.
    ///
    /// # Errors
    /// As for [`LanguageModel::log_probabilities`].
    pub fn likeliest(&self, prompt: &[u32], continuation: &[u32]) -> Result<Vec<u32>, ModelError> {
        let mut found = Vec::with_capacity(continuation.len());
        self.read(prompt, continuation, |logits, _| found.push(super::sampling::argmax(logits) as u32))?;
        Ok(found)
    }

    /// Reads `prompt` and `continuation` and shows the logits before each token of `continuation`.
    fn read(
        &self,
        prompt: &[u32],
        continuation: &[u32],
        mut each: impl FnMut(&[f32], u32),
    ) -> Result<(), ModelError> {
        let text = [prompt, continuation].concat();
        if text.len() > 2 * LONGEST_PROMPT {
            return Err(ModelError::PromptTooLong { tokens: text.len(), limit: 2 * LONGEST_PROMPT });
        }
        if prompt.is_empty() && !continuation.is_empty() {
            return Err(ModelError::Setting("A text needs something before it to be scored.".into()));
        }
        let mut cache =
            Cache::new(self.layers.len(), self.shape.kv_heads * self.shape.head_width, text.len(), 0, 0);
        let mut w = Workspace::default();
        let vocabulary = self.tokens.count();
        for start in (0..text.len()).step_by(16) {
            let end = (start + 16).min(text.len());
            let rows: Vec<Row> =
                (start..end).map(|i| Row { token: text[i], position: i, sample: None }).collect();
            self.forward(&rows, &mut w, &mut cache)?;
            // Position i predicts token i + 1.
            let first = prompt.len().saturating_sub(1).max(start);
            let last = end.min(text.len() - 1);
            if first >= last {
                continue;
            }
            self.logits(first - start..last - start, &mut w)?;
            for (i, logits) in (first..last).zip(w.logits.chunks_exact(vocabulary)) {
                each(logits, text[i + 1]);
            }
        }
        Ok(())
    }

    /// Reads `rows` into the cache; leaves the last layer's states [rows, width] in w.x.
    fn forward(&self, rows: &[Row], w: &mut Workspace, cache: &mut Cache) -> Result<(), ModelError> {
        let tokens: Vec<u32> = rows.iter().map(|r| r.token).collect();
        self.embedding.rows(&tokens, &mut w.x)?;
        w.rotations.clear();
        for row in rows {
            layer::add_rotations(row.position, &self.shape, &mut w.rotations);
        }
        for (l, layer) in self.layers.iter().enumerate() {
            layer.forward(&self.shape, rows, w, cache, l);
        }
        if w.x.iter().all(|x| x.abs() <= LARGEST) { Ok(()) } else { Err(ModelError::NotFinite) }
    }

    /// Leaves in w.logits the logits [rows, vocabulary] of those rows of w.x that are needed.
    ///
    /// # Errors
    /// When they are not finite.
    fn logits(&self, rows: std::ops::Range<usize>, w: &mut Workspace) -> Result<(), ModelError> {
        let mut normed = Vec::new();
        let width = self.shape.width;
        rms_norm(
            &w.x[rows.start * width..rows.end * width],
            &self.output_norm,
            self.shape.epsilon,
            &mut normed,
        );
        w.activations.set(&normed, width);
        self.output.as_ref().unwrap_or(&self.embedding).forward(&mut w.activations, &mut w.logits);
        if w.logits.iter().all(|x| x.is_finite()) { Ok(()) } else { Err(ModelError::NotFinite) }
    }
}

fn shape(tensors: &mut Tensors, description: &Description) -> Result<Shape, ModelError> {
    let Description { width, heads, kv_heads, head_width, epsilon, rope_base, rope_divisor, .. } =
        *description;
    let rope_factors = tensors.optional("rope_freqs.weight", head_width / 2)?;
    if rope_factors.iter().any(|factor| *factor <= 0.0) {
        return Err(ModelError::Unsupported(
            "Its tensor rope_freqs.weight has numbers that nothing can be divided by: the file is damaged. \
                Download it again."
                .into(),
        ));
    }
    Ok(Shape {
        heads,
        kv_heads,
        head_width,
        width,
        epsilon,
        rope_base,
        rope_divisor,
        rope_factors,
        rope_halves: description.architecture == Architecture::Qwen2,
    })
}

#[cfg(test)]
mod tests {
    use candle_core::quantized::GgmlDType;
    use palette_tables::Sampling;

    use super::*;
    use crate::{dispatch, small_model};

    #[test]
    fn a_whole_model_draws_the_same_bits_without_avx2() {
        // F32 becomes 8-bit at loading; the twelve answers are enough rows for panels to be unpacked.
        for kind in [GgmlDType::Q8_0, GgmlDType::Q4_1, GgmlDType::F32] {
            let draw = |answers| {
                let mut tensors = Tensors::default();
                tensors.add_shard(&small_model::file("llama", "llama", kind)).unwrap();
                let model = LanguageModel::new(tensors).unwrap();
                let sampling = Sampling { answers, max_tokens: 12, ..Sampling::default() };
                let mut generation = Generation::new(&model, "the inn in the hat", &sampling).unwrap();
                while generation.step(&model).unwrap() {}
                let bits = |draft: &Draft| draft.log_probabilities.iter().map(|p| p.to_bits()).collect();
                let drafts = generation.take();
                let bits: Vec<Vec<u64>> = drafts.iter().map(bits).collect();
                (drafts.into_iter().map(|draft| draft.tokens).collect::<Vec<_>>(), bits)
            };
            for answers in [1, 3, 12] {
                let drawn = draw(answers);
                assert!(drawn.1.iter().any(|bits| !bits.is_empty()));
                assert_eq!(drawn, dispatch::without::avx2(|| draw(answers)), "{answers} answers, {kind:?}");
            }
        }
    }
}
