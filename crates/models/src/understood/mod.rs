//! What of a model file the forward pass implements. Everything in a file is held against these lists; a file
//! with anything else in it is refused, since it would be drawn from as what it is not.

mod description;
mod keys;
mod tensors;

pub(crate) use description::{Architecture, Description};

use crate::ModelError;
use crate::gguf::{GgufFile, Place, packable_kind};
use candle_core::quantized::GgmlDType;

/// Bytes of weights that fit into a WebAssembly memory of 4 GB beside all else.
const MOST_MEMORY: u64 = 3_300_000_000;

impl GgufFile {
    /// Whether the language model can run this file, and if not, why.
    ///
    /// # Errors
    /// A sentence about the first thing in it that is not implemented, is missing, or contradicts the rest.
    pub fn check(&self) -> Result<(), ModelError> {
        let description = Description::read(&self.metadata)?;
        tensors::check(&self.places, &description)?;
        let bytes: u64 = self.places.iter().map(memory).sum();
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
}

/// Bytes of packed weights.
fn memory(place: &Place) -> u64 {
    let count = |padded: &[usize]| padded.iter().map(|d| *d as u64).product::<u64>();
    match place.shape[..] {
        [outputs, inputs] => {
            let count = count(&[outputs.next_multiple_of(8), inputs.next_multiple_of(32)]);
            if packable_kind(place.kind) == GgmlDType::Q4_1 { count * 3 / 4 } else { count * 9 / 8 }
        }
        _ => 4 * count(&place.shape),
    }
}
