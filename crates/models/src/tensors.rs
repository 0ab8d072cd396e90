//! Tensors by name, read from GGUF files: the shards of the page's own models (each a whole GGUF file; the
//! first carries the description), or a file of the person's that is read piece by piece. What is read is
//! packed at once, so a model is never held twice.

use std::collections::BTreeMap;

use candle_core::quantized::GgmlDType;

use super::ModelError;
use super::dequantise::dequantise;
use super::gguf::{Metadata, packable, packable_kind, shown};
use super::linear::Linear;

pub use super::gguf::{GgufFile, Place};

/// Numbers of a tensor up to which it is kept as it is when the file has it so; larger ones are quantised.
const SMALL: usize = 1 << 20;

/// What was read of one model.
#[derive(Default)]
pub struct Tensors {
    tensors: BTreeMap<String, Held>,
    metadata: Metadata,
}

enum Held {
    /// Row-major, with the shape as written: [out, in] for two dimensions.
    Numbers {
        shape: Vec<usize>,
        numbers: Vec<f32>,
    },
    Packed(Linear),
}

impl GgufFile {
    /// The places, and a collection that has the description and waits for the tensors.
    pub fn into_tensors(self) -> (Vec<Place>, Tensors) {
        (self.places, Tensors { tensors: BTreeMap::new(), metadata: self.metadata })
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
    /// When the bytes are not as many as the place says, or not all of them are numbers, or there is such a
    /// tensor already.
    pub fn add(&mut self, place: &Place, bytes: &[u8]) -> Result<(), ModelError> {
        let refused = |what: &str| {
            ModelError::Unsupported(format!("Its tensor {} {what}. Download it again.", shown(&place.name)))
        };
        if bytes.len() as u64 != place.end - place.start {
            return Err(refused("has another length than is said"));
        }
        let (kind, bytes) = (packable_kind(place.kind), packable(place.kind, bytes));
        let count: usize = place.shape.iter().product();
        let plain = matches!(kind, GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16) && count <= SMALL;
        let held = match place.shape[..] {
            [outputs, inputs] if !plain => Linear::new(kind, outputs, inputs, &bytes).map(Held::Packed),
            _ => dequantise(kind, count, &bytes).and_then(|numbers| {
                let finite = numbers.iter().all(|x| x.is_finite());
                let shape = place.shape.clone();
                if finite { Ok(Held::Numbers { shape, numbers }) } else { Err(ModelError::NotFinite) }
            }),
        };
        let held = held.map_err(|error| match error {
            ModelError::NotFinite => refused(
                "has weights that are not finite (NaN or infinite): the file is damaged or was badly converted",
            ),
            error => error,
        })?;
        match self.tensors.insert(place.name.clone(), held) {
            None => Ok(()),
            Some(_) => Err(refused("is there twice")),
        }
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

    /// As [`Tensors::vector`], of `length` numbers; none at all when there is no such tensor.
    pub(crate) fn optional(&mut self, name: &str, length: usize) -> Result<Vec<f32>, ModelError> {
        if !self.has(name) {
            return Ok(Vec::new());
        }
        let numbers = self.vector(name)?;
        if numbers.len() == length {
            Ok(numbers)
        } else {
            Err(ModelError::Format(format!("the tensor {name} has {} numbers, not {length}", numbers.len())))
        }
    }

    /// The name of a tensor that nobody has taken.
    pub(crate) fn left(&self) -> Option<&str> {
        self.tensors.keys().next().map(String::as_str)
    }

    /// The description.
    pub(crate) fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Takes a list of texts out of the description.
    ///
    /// # Errors
    /// When it has none.
    pub(crate) fn take_texts(&mut self, key: &str) -> Result<Vec<String>, ModelError> {
        let texts = self.metadata.texts(key)?;
        self.metadata.drop(key);
        texts.ok_or_else(|| ModelError::MissingMetadata(key.into()))
    }
}
