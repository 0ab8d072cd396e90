//! The sentence encoder all-MiniLM-L6-v2: a BERT of six layers, mean pooling, L2 norm.

use tokenizers::models::bpe::Vocab;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::{Tokenizer, TruncationParams};

use super::ModelError;
use super::dispatch::multiversion;
use super::kernel::Activations;
use super::linear::Linear;
use super::ops::{add, add_scaled, add_weighted, dot, gelu, softmax};
use super::tensors::Tensors;

/// Numbers in an embedding.
pub const WIDTH: usize = 384;
/// Longest text that is read, in word pieces; what comes after is left out, as the model was trained.
pub const LONGEST: usize = 128;
const HEADS: usize = 12;
const LAYERS: usize = 6;
const EPSILON: f32 = 1e-12;

/// The encoder with its tokenizer.
pub struct Encoder {
    tokenizer: Tokenizer,
    words: Linear,
    positions: Vec<f32>,
    /// Embedding of the only segment that is used.
    segment: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

struct Layer {
    query: Biased,
    key: Biased,
    value: Biased,
    output: Biased,
    attention_norm: Norm,
    up: Biased,
    down: Biased,
    norm: Norm,
}

/// Buffers of a forward pass.
#[derive(Default)]
struct Workspace {
    activations: Activations,
    q: Vec<f32>,
    k: Vec<f32>,
    v: Vec<f32>,
    scores: Vec<f32>,
    attended: Vec<f32>,
    added: Vec<f32>,
    h: Vec<f32>,
}

struct Biased {
    weight: Linear,
    bias: Vec<f32>,
}

struct Norm {
    scale: Vec<f32>,
    shift: Vec<f32>,
}

impl Encoder {
    /// Makes the encoder of its tensors.
    ///
    /// # Errors
    /// When a tensor or the vocabulary is missing.
    pub fn new(mut tensors: Tensors) -> Result<Self, ModelError> {
        let tokenizer = tokenizer(tensors.take_texts("tokenizer.ggml.tokens")?)?;
        let t = &mut tensors;
        let mut positions = t.vector("embeddings.position_embeddings.weight")?;
        positions.truncate(LONGEST * WIDTH);
        let mut segment = t.vector("embeddings.token_type_embeddings.weight")?;
        segment.truncate(WIDTH);
        Ok(Encoder {
            tokenizer,
            words: t.matrix("embeddings.word_embeddings.weight")?,
            positions,
            segment,
            norm: Norm::new(t, "embeddings.LayerNorm")?,
            layers: (0..LAYERS)
                .map(|l| Layer::new(t, &format!("encoder.layer.{l}")))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Word-piece ids of `text`, with the marks at both ends.
    ///
    /// # Errors
    /// When the tokenizer fails.
    pub fn ids(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        let encoding = self
            .tokenizer
            .encode(text, true)
            .map_err(|e| ModelError::Format(format!("the text cannot be split into word pieces: {e}")))?;
        Ok(encoding.get_ids().to_vec())
    }

    /// Numbers in an embedding.
    pub fn width(&self) -> usize {
        WIDTH
    }

    /// Embedding of `text`: 384 numbers of L2 norm 1.
    ///
    /// # Errors
    /// When the tokenizer fails.
    pub fn embed(&self, text: &str) -> Result<Vec<f32>, ModelError> {
        Ok(self.embed_all(&[text])?.pop().unwrap_or_default())
    }

    /// As [`Encoder::embed`], for several texts at once: the same embeddings, sooner.
    ///
    /// # Errors
    /// When the tokenizer fails.
    pub fn embed_all(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, ModelError> {
        let mut x = Vec::new();
        let mut rows = Vec::new();
        // Word pieces of each text; all texts stand in x one after another.
        let mut lengths = Vec::with_capacity(texts.len());
        for text in texts {
            let ids = self.ids(text)?;
            self.words.rows(&ids, &mut rows)?;
            for (row, position) in rows.chunks_exact_mut(WIDTH).zip(self.positions.chunks_exact(WIDTH)) {
                add(row, position);
                add(row, &self.segment);
            }
            lengths.push(ids.len());
            x.extend_from_slice(&rows);
        }
        self.norm.apply(&mut x);
        let mut w = Workspace::default();
        for layer in &self.layers {
            layer.forward(&mut x, &lengths, &mut w);
        }
        let mut rows = x.chunks_exact(WIDTH);
        let embedding = |length: &usize| {
            let mut mean = vec![0.0; WIDTH];
            for row in rows.by_ref().take(*length) {
                add_scaled(&mut mean, 1.0, row);
            }
            let norm = dot(&mean, &mean).sqrt();
            mean.into_iter().map(|x| x / norm).collect()
        };
        Ok(lengths.iter().map(embedding).collect())
    }
}

multiversion! {
    /// scale · q·k for the part of every row k of `rows` [rows, width] that begins at `at`, into `products`.
    fn dot_rows(q: &[f32], rows: &[f32], at: usize, scale: f32, products: &mut Vec<f32>) {
        products.clear();
        products.extend(rows.chunks_exact(WIDTH).map(|k| dot(q, &k[at..at + q.len()]) * scale));
    }
}

fn tokenizer(words: Vec<String>) -> Result<Tokenizer, ModelError> {
    let id_of = |mark: &str| {
        words
            .iter()
            .position(|w| w == mark)
            .map(|id| (mark.to_string(), id as u32))
            .ok_or_else(|| ModelError::Format(format!("the encoder's vocabulary lacks {mark}")))
    };
    let (start, end) = (id_of("[CLS]")?, id_of("[SEP]")?);
    let failed =
        |e: tokenizers::Error| ModelError::Format(format!("the encoder's tokenizer cannot be made: {e}"));
    let pieces = WordPiece::builder()
        .vocab(words.into_iter().zip(0u32..).collect::<Vocab>())
        .unk_token("[UNK]".into())
        .max_input_chars_per_word(100)
        .build()
        .map_err(failed)?;
    let mut tokenizer = Tokenizer::new(pieces);
    tokenizer.with_normalizer(Some(BertNormalizer::new(true, true, None, true))).map_err(failed)?;
    tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
    tokenizer.with_post_processor(Some(BertProcessing::new(end, start)));
    tokenizer
        .with_truncation(Some(TruncationParams { max_length: LONGEST, ..TruncationParams::default() }))
        .map_err(failed)?;
    Ok(tokenizer)
}

impl Layer {
    fn new(t: &mut Tensors, p: &str) -> Result<Self, ModelError> {
        Ok(Layer {
            query: Biased::new(t, &format!("{p}.attention.self.query"))?,
            key: Biased::new(t, &format!("{p}.attention.self.key"))?,
            value: Biased::new(t, &format!("{p}.attention.self.value"))?,
            output: Biased::new(t, &format!("{p}.attention.output.dense"))?,
            attention_norm: Norm::new(t, &format!("{p}.attention.output.LayerNorm"))?,
            up: Biased::new(t, &format!("{p}.intermediate.dense"))?,
            down: Biased::new(t, &format!("{p}.output.dense"))?,
            norm: Norm::new(t, &format!("{p}.output.LayerNorm"))?,
        })
    }

    /// x [tokens of all texts, width], changed in place; a token attends to those of its own text. BERT
    /// normalises after adding.
    fn forward(&self, x: &mut [f32], lengths: &[usize], w: &mut Workspace) {
        w.activations.set(x, WIDTH);
        self.query.forward(&mut w.activations, &mut w.q);
        self.key.forward(&mut w.activations, &mut w.k);
        self.value.forward(&mut w.activations, &mut w.v);
        let d = WIDTH / HEADS;
        let scale = 1.0 / (d as f32).sqrt();
        w.attended.clear();
        w.attended.resize(x.len(), 0.0);
        let mut start = 0;
        for length in lengths {
            let at = start * WIDTH..(start + length) * WIDTH;
            start += length;
            let (k, v) = (&w.k[at.clone()], &w.v[at.clone()]);
            for (q, out) in w.q[at.clone()].chunks_exact(WIDTH).zip(w.attended[at].chunks_exact_mut(WIDTH)) {
                for at in (0..WIDTH).step_by(d) {
                    dot_rows(&q[at..at + d], k, at, scale, &mut w.scores);
                    softmax(&mut w.scores);
                    add_weighted(&mut out[at..at + d], &w.scores, v, WIDTH, at);
                }
            }
        }
        w.activations.set(&w.attended, WIDTH);
        self.output.forward(&mut w.activations, &mut w.added);
        add(x, &w.added);
        self.attention_norm.apply(x);
        w.activations.set(x, WIDTH);
        self.up.forward(&mut w.activations, &mut w.h);
        gelu(&mut w.h);
        w.activations.set(&w.h, self.down.weight.inputs());
        self.down.forward(&mut w.activations, &mut w.added);
        add(x, &w.added);
        self.norm.apply(x);
    }
}

impl Biased {
    fn new(t: &mut Tensors, p: &str) -> Result<Self, ModelError> {
        Ok(Biased { weight: t.matrix(&format!("{p}.weight"))?, bias: t.vector(&format!("{p}.bias"))? })
    }

    fn forward(&self, x: &mut Activations, y: &mut Vec<f32>) {
        self.weight.forward(x, y);
        for row in y.chunks_exact_mut(self.bias.len()) {
            add(row, &self.bias);
        }
    }
}

impl Norm {
    fn new(t: &mut Tensors, p: &str) -> Result<Self, ModelError> {
        Ok(Norm { scale: t.vector(&format!("{p}.weight"))?, shift: t.vector(&format!("{p}.bias"))? })
    }

    fn apply(&self, x: &mut [f32]) {
        let n = self.scale.len() as f32;
        for row in x.chunks_exact_mut(self.scale.len()) {
            let mean = row.iter().sum::<f32>() / n;
            let variance = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / n;
            let unit = 1.0 / (variance + EPSILON).sqrt();
            for ((x, scale), shift) in row.iter_mut().zip(&self.scale).zip(&self.shift) {
                *x = (*x - mean) * unit * scale + shift;
            }
        }
    }
}
