//! SmolLM2-135M-Instruct: a decoder of the llama family. Reads top to bottom: tokens, cache, layers, the model, drawing.

mod cache;
mod generation;
mod layer;
mod tokenizer;

pub use generation::{DrawSettings, Drawn, Generation};

use cache::Cache;
use layer::{Layer, Shape, rms_norm};
use tokenizer::Tokens;

use super::linear::{Linear, vector};
use super::sampling::log_sum_exp;
use super::tensors::Tensors;
use super::{ModelError, tensors};
use candle_core::quantized::gguf_file::Value;

/// Longest text that is read, in tokens. The model was trained for more; a page has no use for it.
pub const LONGEST_PROMPT: usize = 1024;

/// The language model with its tokenizer.
pub struct LanguageModel {
    shape: Shape,
    tokens: Tokens,
    /// [vocabulary, width]; also the output head (tied).
    embedding: Linear,
    layers: Vec<Layer>,
    output_norm: Vec<f32>,
}

/// One token to be read: its position, and the sample that it belongs to (`None`: the prefix that all samples share).
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
            return Err(ModelError::Format(format!("the architecture is {architecture}; this page runs llama")));
        }
        let number = |tensors: &tensors::Tensors, key: &str| -> Result<usize, ModelError> { Ok(tensors.metadata(key)?.to_u32()? as usize) };
        let float = |tensors: &tensors::Tensors, key: &str| -> Result<f32, ModelError> { Ok(tensors.metadata(key)?.to_f32()?) };
        let width = number(&tensors, "llama.embedding_length")?;
        let heads = number(&tensors, "llama.attention.head_count")?;
        let kv_heads = number(&tensors, "llama.attention.head_count_kv")?;
        if heads == 0 || kv_heads == 0 || !width.is_multiple_of(heads) || !heads.is_multiple_of(kv_heads) {
            return Err(ModelError::Format(format!("{heads} heads and {kv_heads} key-value heads do not divide a width of {width}")));
        }
        let shape = Shape {
            heads,
            kv_heads,
            head_width: width / heads,
            width,
            epsilon: float(&tensors, "llama.attention.layer_norm_rms_epsilon")?,
            rope_base: float(&tensors, "llama.rope.freq_base")?,
        };
        let tokens = Tokens::new(&mut tensors)?;
        let count = number(&tensors, "llama.block_count")?;
        let layers = (0..count).map(|l| Layer::new(&mut tensors, l)).collect::<Result<_, _>>()?;
        let output_norm = vector(&tensors.take("output_norm.weight")?)?;
        let embedding = Linear::new(tensors.take("token_embd.weight")?)?;
        Ok(LanguageModel { shape, tokens, embedding, layers, output_norm })
    }

    /// Token ids of plain text. What looks like a special token in it is read as text.
    ///
    /// # Errors
    /// When the tokenizer fails.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        self.tokens.encode(text)
    }

    /// Token ids of the chat that ends where the answer to `prompt` begins, with the model's own system prompt.
    ///
    /// # Errors
    /// When the prompt is too long.
    pub fn chat_tokens(&self, prompt: &str) -> Result<Vec<u32>, ModelError> {
        let tokens = self.tokens.chat(prompt)?;
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
        self.read(prompt, continuation, |logits, next| found.push(f64::from(logits[next as usize]) - log_sum_exp(logits)))?;
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
    fn read(&self, prompt: &[u32], continuation: &[u32], mut each: impl FnMut(&[f32], u32)) -> Result<(), ModelError> {
        let text = [prompt, continuation].concat();
        if text.len() > 2 * LONGEST_PROMPT {
            return Err(ModelError::PromptTooLong { tokens: text.len(), limit: 2 * LONGEST_PROMPT });
        }
        if prompt.is_empty() && !continuation.is_empty() {
            return Err(ModelError::Setting("A text needs something before it to be scored.".into()));
        }
        let mut cache = Cache::new(self.layers.len(), self.shape.kv_heads * self.shape.head_width, text.len(), 0, 0);
        let vocabulary = self.tokens.count();
        for start in (0..text.len()).step_by(16) {
            let end = (start + 16).min(text.len());
            let rows: Vec<Row> = (start..end).map(|i| Row { token: text[i], position: i, sample: None }).collect();
            let hidden = self.forward(&rows, &mut cache)?;
            // Position i predicts token i + 1.
            let first = prompt.len().saturating_sub(1).max(start);
            if first >= end.min(text.len() - 1) {
                continue;
            }
            let last = end.min(text.len() - 1);
            let logits = self.logits(&hidden[(first - start) * self.shape.width..(last - start) * self.shape.width]);
            for (i, logits) in (first..last).zip(logits.chunks_exact(vocabulary)) {
                each(logits, text[i + 1]);
            }
        }
        Ok(())
    }

    /// Reads `rows` into the cache; returns the last layer's states [rows, width].
    fn forward(&self, rows: &[Row], cache: &mut Cache) -> Result<Vec<f32>, ModelError> {
        let tokens: Vec<u32> = rows.iter().map(|r| r.token).collect();
        let mut x = self.embedding.rows(&tokens)?;
        let turns: Vec<_> = rows.iter().map(|row| layer::turns(row.position, &self.shape)).collect();
        for (l, layer) in self.layers.iter().enumerate() {
            layer.forward(&self.shape, rows, &turns, &mut x, cache, l);
        }
        Ok(x)
    }

    /// Logits [rows, vocabulary] of states [rows, width].
    fn logits(&self, hidden: &[f32]) -> Vec<f32> {
        self.embedding.forward(&rms_norm(hidden, &self.output_norm, self.shape.epsilon))
    }
}

/// A list of strings in a model's description.
fn strings(value: Value, key: &str) -> Result<Vec<String>, ModelError> {
    let wrong = || ModelError::Format(format!("{key} is not a list of texts"));
    let Value::Array(items) = value else { return Err(wrong()) };
    items.into_iter().map(|v| if let Value::String(s) = v { Ok(s) } else { Err(wrong()) }).collect()
}
