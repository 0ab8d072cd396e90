//! candle_transformers' models, as its examples use them: the quantised llama, one stream, one token a step;
//! and BERT in float32, a padded batch.

use candle_core::quantized::gguf_file;
use candle_core::{Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config, DTYPE};
use candle_transformers::models::quantized_llama::ModelWeights;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
pub struct Stock {
    model: ModelWeights,
    position: usize,
    next: u32,
}

fn text(error: candle_core::Error) -> JsError {
    JsError::new(&error.to_string())
}

#[wasm_bindgen]
impl Stock {
    /// Reads a GGUF file.
    #[wasm_bindgen(constructor)]
    pub fn new(file: &[u8]) -> Result<Stock, JsError> {
        let mut reader = std::io::Cursor::new(file);
        let content = gguf_file::Content::read(&mut reader).map_err(text)?;
        Ok(Stock {
            model: ModelWeights::from_gguf(content, &mut reader, &Device::Cpu).map_err(text)?,
            position: 0,
            next: 1,
        })
    }

    /// Reads the prompt's tokens, from the beginning.
    pub fn prompt(&mut self, tokens: &[u32]) -> Result<(), JsError> {
        self.position = 0;
        self.forward(tokens).map_err(text)
    }

    /// Draws the likeliest next token.
    pub fn step(&mut self) -> Result<u32, JsError> {
        let next = self.next;
        self.forward(&[next]).map_err(text)?;
        Ok(next)
    }
}

impl Stock {
    fn forward(&mut self, tokens: &[u32]) -> candle_core::Result<()> {
        let input = Tensor::new(tokens, &Device::Cpu)?.unsqueeze(0)?;
        let logits = self.model.forward(&input, self.position)?.squeeze(0)?;
        self.position += tokens.len();
        self.next = logits.argmax(0)?.to_scalar()?;
        Ok(())
    }
}

#[wasm_bindgen]
pub struct StockBert(BertModel);

#[wasm_bindgen]
impl StockBert {
    /// Reads all-MiniLM-L6-v2 from its safetensors file and its configuration.
    #[wasm_bindgen(constructor)]
    pub fn new(file: Vec<u8>, config: &str) -> Result<StockBert, JsError> {
        let config: Config = serde_json::from_str(config).map_err(|e| JsError::new(&e.to_string()))?;
        let weights = VarBuilder::from_buffered_safetensors(file, DTYPE, &Device::Cpu).map_err(text)?;
        Ok(StockBert(BertModel::load(weights, &config).map_err(text)?))
    }

    /// Embeddings of `rows` texts, padded to `length` word pieces: mean over each text's own, L2 norm 1.
    /// `mask` is 1 for a text's own, else 0.
    pub fn embed(&self, ids: &[u32], mask: &[u32], rows: usize, length: usize) -> Result<Vec<f32>, JsError> {
        self.forward(ids, mask, rows, length).map_err(text)
    }
}

impl StockBert {
    fn forward(
        &self,
        ids: &[u32],
        mask: &[u32],
        rows: usize,
        length: usize,
    ) -> candle_core::Result<Vec<f32>> {
        let ids = Tensor::from_slice(ids, (rows, length), &Device::Cpu)?;
        let mask = Tensor::from_slice(mask, (rows, length), &Device::Cpu)?;
        let states = self.0.forward(&ids, &ids.zeros_like()?, Some(&mask))?;
        let mask = mask.to_dtype(DTYPE)?.unsqueeze(2)?;
        let mean = states.broadcast_mul(&mask)?.sum(1)?.broadcast_div(&mask.sum(1)?)?;
        mean.broadcast_div(&mean.sqr()?.sum_keepdim(1)?.sqrt()?)?.flatten_all()?.to_vec1()
    }
}
