//! Tensors by name, collected from the shards of a model. Every shard is a whole GGUF file; the first carries the description.

use std::collections::HashMap;
use std::io::Cursor;

use candle_core::Device;
use candle_core::quantized::{QTensor, gguf_file};

use super::ModelError;

/// What the shards of one model hold. A shard's bytes can be dropped once it is added: tensors are copied out of it once.
#[derive(Default)]
pub struct Tensors {
    tensors: HashMap<String, QTensor>,
    metadata: HashMap<String, gguf_file::Value>,
}

impl Tensors {
    /// Reads one shard. Shards may come in any order.
    pub fn add_shard(&mut self, bytes: &[u8]) -> Result<(), ModelError> {
        let format = |e: candle_core::Error| ModelError::Format(e.to_string());
        let mut reader = Cursor::new(bytes);
        let content = gguf_file::Content::read(&mut reader).map_err(format)?;
        for name in content.tensor_infos.keys() {
            let tensor = content.tensor(&mut reader, name, &Device::Cpu).map_err(format)?;
            self.tensors.insert(name.clone(), tensor);
        }
        self.metadata.extend(content.metadata);
        Ok(())
    }

    /// Takes the tensor called `name` out.
    pub fn take(&mut self, name: &str) -> Result<QTensor, ModelError> {
        self.tensors.remove(name).ok_or_else(|| ModelError::MissingTensor(name.into()))
    }

    /// Description of the model under `key`.
    pub fn metadata(&self, key: &str) -> Result<&gguf_file::Value, ModelError> {
        self.metadata.get(key).ok_or_else(|| ModelError::MissingMetadata(key.into()))
    }

    /// Takes a part of the description out (token lists are large).
    pub fn take_metadata(&mut self, key: &str) -> Result<gguf_file::Value, ModelError> {
        self.metadata.remove(key).ok_or_else(|| ModelError::MissingMetadata(key.into()))
    }
}
