//! Parts of the models alone: the product, on weights that stay in the caches (what the kernel reaches), the
//! sentence encoder, and the language model.

use candle_core::quantized::GgmlDType;
use palette_models::encoder::Encoder;
use palette_models::language_model::{Generation, LanguageModel};
use palette_models::linear::Linear;
use palette_models::tensors::Tensors;
use palette_tables::Sampling;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
pub struct Kernel {
    weights: Linear,
    x: Vec<f32>,
}

#[wasm_bindgen]
impl Kernel {
    /// Made-up weights [outputs, inputs], of 8 or else 4 bits, and `rows` rows of activations.
    #[wasm_bindgen(constructor)]
    pub fn new(eight: bool, outputs: usize, inputs: usize, rows: usize) -> Result<Kernel, JsError> {
        let (kind, block) = if eight { (GgmlDType::Q8_0, 34) } else { (GgmlDType::Q4_1, 20) };
        let mut bytes: Vec<u8> =
            (0..outputs * inputs / 32 * block).map(|i| (i.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
        // A scale of 1.0 in f16, so that no number is odd.
        bytes.chunks_exact_mut(block).for_each(|b| b[..2].copy_from_slice(&[0, 0x3c]));
        let weights = Linear::new(kind, outputs, inputs, &bytes).map_err(|e| JsError::new(&e.to_string()))?;
        Ok(Kernel { weights, x: (0..rows * inputs).map(|i| (i as f32 * 0.37).sin()).collect() })
    }

    /// Multiplies `times` times; the result keeps the compiler from leaving it out.
    pub fn run(&self, times: usize) -> f32 {
        (0..times).map(|_| self.weights.product(&self.x)[0]).sum()
    }
}

#[wasm_bindgen]
pub struct OurEncoder(Encoder);

fn error(e: impl std::fmt::Display) -> JsError {
    JsError::new(&e.to_string())
}

#[wasm_bindgen]
impl OurEncoder {
    /// Reads the page's only shard of the encoder.
    #[wasm_bindgen(constructor)]
    pub fn new(shard: &[u8]) -> Result<OurEncoder, JsError> {
        let mut tensors = Tensors::default();
        tensors.add_shard(shard).map_err(error)?;
        Encoder::new(tensors).map(OurEncoder).map_err(error)
    }

    /// Word-piece ids of a text.
    pub fn ids(&self, text: &str) -> Result<Vec<u32>, JsError> {
        self.0.ids(text).map_err(error)
    }

    /// Embeddings of the texts, each on a line, one after another.
    pub fn embed(&self, lines: &str) -> Result<Vec<f32>, JsError> {
        let texts: Vec<&str> = lines.lines().collect();
        Ok(self.0.embed_all(&texts).map_err(error)?.concat())
    }
}

/// The language model's shards, and then the model.
#[wasm_bindgen]
#[derive(Default)]
pub struct OurModel {
    tensors: Tensors,
    model: Option<LanguageModel>,
}

#[wasm_bindgen]
impl OurModel {
    #[wasm_bindgen(constructor)]
    pub fn new() -> OurModel {
        OurModel::default()
    }

    pub fn add_shard(&mut self, shard: &[u8]) -> Result<(), JsError> {
        self.tensors.add_shard(shard).map_err(error)
    }

    pub fn finish(&mut self) -> Result<(), JsError> {
        self.model = Some(LanguageModel::new(std::mem::take(&mut self.tensors)).map_err(error)?);
        Ok(())
    }

    /// Draws `answers` answers of at most `max_tokens` tokens; how many tokens that were.
    pub fn draw(&self, prompt: &str, answers: usize, max_tokens: usize) -> Result<usize, JsError> {
        let model = self.model.as_ref().ok_or_else(|| JsError::new("the model is not finished"))?;
        let settings =
            Sampling { answers, max_tokens, temperature: 1.0, top_k: 50, top_p: 1.0, seed: 1, system: None };
        let mut generation = Generation::new(model, prompt, &settings).map_err(error)?;
        while generation.step(model).map_err(error)? {}
        Ok(generation.tokens_drawn())
    }
}
