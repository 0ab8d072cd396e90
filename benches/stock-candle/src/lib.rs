//! candle_transformers' quantised llama, as its examples use it: one stream, one token a step.

use candle_core::quantized::gguf_file;
use candle_core::{Device, Tensor};
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
        Ok(Stock { model: ModelWeights::from_gguf(content, &mut reader, &Device::Cpu).map_err(text)?, position: 0, next: 1 })
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
