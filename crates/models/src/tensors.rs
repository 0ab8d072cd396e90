//! Tensors by name, read from GGUF files: the shards of the page's own models (each a whole GGUF file; the
//! first carries the description), or a file of the person's that is read piece by piece. What is read is
//! packed at once, so a model is never held twice.

use std::collections::HashMap;
use std::io::Cursor;

use candle_core::quantized::{GgmlDType, gguf_file};

use super::ModelError;
use super::dequantise::dequantise;
use super::linear::Linear;

/// Numbers of a tensor up to which it is kept as it is when the file has it so; larger ones are quantised.
const SMALL: usize = 1 << 20;
/// Bytes of weights that fit into a WebAssembly memory of 4 GB beside all else.
const MOST_MEMORY: u64 = 3_300_000_000;

/// What was read of one model.
#[derive(Default)]
pub struct Tensors {
    tensors: HashMap<String, Held>,
    metadata: HashMap<String, gguf_file::Value>,
}

enum Held {
    /// Row-major, with the shape as written: [out, in] for two dimensions.
    Numbers {
        shape: Vec<usize>,
        numbers: Vec<f32>,
    },
    Packed(Linear),
}

/// Where a tensor's bytes stand in its file, and what they are.
#[derive(Clone, Debug)]
pub struct Place {
    pub name: String,
    kind: GgmlDType,
    shape: Vec<usize>,
    /// First byte, and the one after the last.
    pub start: u64,
    pub end: u64,
}

/// The head of a GGUF file: its description, and where its tensors are.
pub struct GgufFile {
    metadata: HashMap<String, gguf_file::Value>,
    places: Vec<Place>,
}

impl GgufFile {
    /// Reads the head of a file of `length` bytes from as many of its first bytes as are given.
    ///
    /// # Errors
    /// When the head is not whole yet, or this is no GGUF file, or a tensor would lie outside it.
    pub fn read(start: &[u8], length: u64) -> Result<Self, ModelError> {
        if !start.starts_with(b"GGUF") {
            return Err(ModelError::Unsupported(
                "It is no GGUF file: it does not begin with the letters GGUF.".into(),
            ));
        }
        let content = gguf_file::Content::read(&mut Cursor::new(start))
            .map_err(|e| ModelError::Format(e.to_string()))?;
        let mut places = Vec::with_capacity(content.tensor_infos.len());
        for (name, info) in content.tensor_infos {
            let shape = info.shape.dims().to_vec();
            let count = shape
                .iter()
                .try_fold(1usize, |n, d| n.checked_mul(*d))
                .filter(|n| n.is_multiple_of(info.ggml_dtype.block_size()));
            let bytes = count
                .and_then(|n| (n / info.ggml_dtype.block_size()).checked_mul(info.ggml_dtype.type_size()));
            let start = content.tensor_data_offset.checked_add(info.offset);
            let (Some(bytes), Some(start)) = (bytes, start) else {
                return Err(ModelError::Format(format!("the tensor {name} has an impossible shape")));
            };
            match start.checked_add(bytes as u64) {
                Some(end) if end <= length => {
                    places.push(Place { name, kind: info.ggml_dtype, shape, start, end });
                }
                _ => {
                    return Err(ModelError::Format(format!(
                        "it was cut off: the tensor {name} lies beyond its end"
                    )));
                }
            }
        }
        places.sort_by_key(|place| place.start);
        Ok(GgufFile { metadata: content.metadata, places })
    }

    /// Whether the language model can run this file, and if not, why.
    ///
    /// # Errors
    /// When it is of another architecture, or larger than a WebAssembly memory.
    pub fn check(&self) -> Result<(), ModelError> {
        match self.metadata.get("general.architecture").map(|a| a.to_string()) {
            Some(Ok(architecture)) if architecture == "llama" => {}
            Some(Ok(other)) => {
                return Err(ModelError::Unsupported(format!(
                    "It is of the architecture “{other}”. This page runs the llama family: SmolLM2, \
                        TinyLlama, Llama 2 and 3 and their like."
                )));
            }
            _ => return Err(ModelError::Unsupported("It does not say of which architecture it is.".into())),
        }
        let bytes = self.memory();
        if bytes > MOST_MEMORY {
            return Err(ModelError::Unsupported(format!(
                "It would take {:.1} GB of memory; a page can use about {:.1} GB for it. Choose a smaller \
                    model or one with fewer bits.",
                bytes as f64 / 1e9,
                MOST_MEMORY as f64 / 1e9
            )));
        }
        Ok(())
    }

    /// Bytes of the packed weights.
    fn memory(&self) -> u64 {
        let bytes = |place: &Place| {
            let count: u64 = place.shape.iter().map(|d| *d as u64).product();
            match (place.shape.len(), place.kind) {
                (2, GgmlDType::Q4_1) => count * 3 / 4,
                (2, _) => count * 9 / 8,
                _ => 4 * count,
            }
        };
        self.places.iter().map(bytes).sum()
    }

    /// The places, and a collection that has the description and waits for the tensors.
    pub fn into_tensors(self) -> (Vec<Place>, Tensors) {
        (self.places, Tensors { tensors: HashMap::new(), metadata: self.metadata })
    }
}

impl Tensors {
    /// Reads one shard. Shards may come in any order.
    ///
    /// # Errors
    /// When it is no GGUF file, or a tensor cannot be packed.
    pub fn add_shard(&mut self, bytes: &[u8]) -> Result<(), ModelError> {
        let file = GgufFile::read(bytes, bytes.len() as u64)?;
        for place in &file.places {
            self.add(place, &bytes[place.start as usize..place.end as usize])?;
        }
        self.metadata.extend(file.metadata);
        Ok(())
    }

    /// Packs one tensor, given its bytes.
    ///
    /// # Errors
    /// When the bytes are not as many as the place says, or cannot be packed.
    pub fn add(&mut self, place: &Place, bytes: &[u8]) -> Result<(), ModelError> {
        if bytes.len() as u64 != place.end - place.start {
            return Err(ModelError::Format(format!(
                "the tensor {} has {} bytes, not {}",
                place.name,
                bytes.len(),
                place.end - place.start
            )));
        }
        let count: usize = place.shape.iter().product();
        let plain = matches!(place.kind, GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16) && count <= SMALL;
        let held = match place.shape[..] {
            [outputs, inputs] if !plain => Held::Packed(Linear::new(place.kind, outputs, inputs, bytes)?),
            _ => Held::Numbers { numbers: dequantise(place.kind, count, bytes)?, shape: place.shape.clone() },
        };
        self.tensors.insert(place.name.clone(), held);
        Ok(())
    }

    /// Whether there is a tensor called `name`.
    pub fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// Takes the matrix called `name` out.
    ///
    /// # Errors
    /// When there is none.
    pub fn matrix(&mut self, name: &str) -> Result<Linear, ModelError> {
        match self.tensors.remove(name) {
            Some(Held::Packed(linear)) => Ok(linear),
            Some(Held::Numbers { shape, numbers }) => match shape[..] {
                [_, inputs] => Linear::quantise(&numbers, inputs),
                _ => Err(ModelError::Format(format!("the tensor {name} is no matrix"))),
            },
            None => Err(ModelError::MissingTensor(name.into())),
        }
    }

    /// Takes the numbers of the tensor called `name` out, row by row.
    ///
    /// # Errors
    /// When there is none, or it is a large matrix.
    pub fn vector(&mut self, name: &str) -> Result<Vec<f32>, ModelError> {
        match self.tensors.remove(name) {
            Some(Held::Numbers { numbers, .. }) => Ok(numbers),
            Some(Held::Packed(_)) => {
                Err(ModelError::Format(format!("the tensor {name} is quantised, where numbers are needed")))
            }
            None => Err(ModelError::MissingTensor(name.into())),
        }
    }

    /// Description of the model under `key`.
    ///
    /// # Errors
    /// When it has none.
    pub fn metadata(&self, key: &str) -> Result<&gguf_file::Value, ModelError> {
        self.metadata.get(key).ok_or_else(|| ModelError::MissingMetadata(key.into()))
    }

    /// Takes a part of the description out (token lists are large).
    ///
    /// # Errors
    /// When it has none.
    pub fn take_metadata(&mut self, key: &str) -> Result<gguf_file::Value, ModelError> {
        self.metadata.remove(key).ok_or_else(|| ModelError::MissingMetadata(key.into()))
    }
}
