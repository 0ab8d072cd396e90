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
use super::linear::Linear;
use super::ops::log_sum_exp;
use super::tensors::Tensors;

/// Longest text that is read, in tokens. The model was trained for more; a page has no use for it.
pub const LONGEST_PROMPT: usize = 1024;

/// The language model with its tokenizer.
pub struct LanguageModel {
    shape: Shape,
    tokens: Tokens,
    /// [vocabulary, width]; also the output head, where the model has none of its own.
    embedding: Linear,
    output: Option<Linear>,
    layers: Vec<Layer>,
    output_norm: Vec<f32>,
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
    /// When a tensor or a part of the description is missing, or the architecture is another one.
    pub fn new(mut tensors: Tensors) -> Result<Self, ModelError> {
        let architecture = tensors.metadata("general.architecture")?.to_string()?.clone();
        if architecture != "llama" {
            return Err(ModelError::Format(format!(
                "the architecture is {architecture}; this page runs llama"
            )));
        }
        let shape = shape(&mut tensors)?;
        let tokens = Tokens::new(&mut tensors)?;
        let count = number(&tensors, "llama.block_count")?;
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
        Ok(LanguageModel {
            shape,
            tokens,
            embedding,
            output,
            layers,
            output_norm,
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
        if tokens.len() > LONGEST_PROMPT {
            return Err(ModelError::PromptTooLong { tokens: tokens.len(), limit: LONGEST_PROMPT });
        }
        Ok(tokens)
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
            self.logits(first - start..last - start, &mut w);
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
        Ok(())
    }

    /// Leaves in w.logits the logits [rows, vocabulary] of those rows of w.x that are needed.
    fn logits(&self, rows: std::ops::Range<usize>, w: &mut Workspace) {
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
    }
}

fn number(tensors: &Tensors, key: &str) -> Result<usize, ModelError> {
    Ok(tensors.metadata(key)?.to_u32()? as usize)
}

fn shape(tensors: &mut Tensors) -> Result<Shape, ModelError> {
    let width = number(tensors, "llama.embedding_length")?;
    let heads = number(tensors, "llama.attention.head_count")?;
    // A file that does not say has a key-value head for every head, and turns by the usual angles.
    let kv_heads = number(tensors, "llama.attention.head_count_kv").unwrap_or(heads);
    let rope_base =
        tensors.metadata("llama.rope.freq_base").ok().map_or(Ok(10_000.0), |base| base.to_f32())?;
    if heads == 0 || kv_heads == 0 || !heads.is_multiple_of(kv_heads) {
        return Err(ModelError::Format(format!("{heads} heads cannot share {kv_heads} key-value heads")));
    }
    let head_width = match number(tensors, "llama.attention.key_length") {
        Ok(head_width) => head_width,
        Err(_) if width.is_multiple_of(heads) => width / heads,
        Err(_) => return Err(ModelError::Format(format!("{heads} heads do not divide a width of {width}"))),
    };
    let turned = number(tensors, "llama.rope.dimension_count").unwrap_or(head_width);
    if head_width == 0 || !head_width.is_multiple_of(2) || turned != head_width {
        return Err(ModelError::Format(format!(
            "heads of {head_width} of which {turned} turn are not supported"
        )));
    }
    Ok(Shape {
        heads,
        kv_heads,
        head_width,
        width,
        epsilon: tensors.metadata("llama.attention.layer_norm_rms_epsilon")?.to_f32()?,
        rope_base,
        rope_factors: if tensors.has("rope_freqs.weight") {
            tensors.vector("rope_freqs.weight")?
        } else {
            Vec::new()
        },
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
