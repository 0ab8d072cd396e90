//! GGUF files for the kernels: their kinds of weights in terms of candle.

use std::borrow::Cow;

use candle_core::quantized::GgmlDType;
use palette_gguf::{GgufError, Head, Kind};

use crate::ModelError;

pub use palette_gguf::Place;
pub(crate) use palette_gguf::{Metadata, shown};

/// The steps of IQ4_NL.
const STEPS: [i8; 16] = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

/// The head of a GGUF file.
pub struct GgufFile {
    pub(crate) metadata: Metadata,
    /// In the order in which they stand in the file, none over another.
    pub(crate) places: Vec<Place>,
}

impl GgufFile {
    /// Reads the head of a file of `length` bytes from as many of its first bytes as are given.
    ///
    /// # Errors
    /// [`ModelError::Format`] when more of the head is needed than was given; else
    /// [`ModelError::Unsupported`] with the reason why this file cannot be read.
    pub fn read(start: &[u8], length: u64) -> Result<Self, ModelError> {
        let Head { metadata, places } = Head::read(start, length)?;
        Ok(GgufFile { metadata, places })
    }
}

impl From<GgufError> for ModelError {
    fn from(error: GgufError) -> Self {
        match error {
            GgufError::NeedsMore(bytes) => ModelError::Format(format!(
                "the description does not end within the first {bytes} bytes. Take another file of the model"
            )),
            GgufError::Refused(sentence) => ModelError::Unsupported(sentence),
        }
    }
}

/// The kind that weights are packed from.
pub(crate) fn packable_kind(kind: Kind) -> GgmlDType {
    match kind {
        Kind::F32 => GgmlDType::F32,
        Kind::F16 => GgmlDType::F16,
        Kind::BF16 => GgmlDType::BF16,
        Kind::Q4_0 => GgmlDType::Q4_0,
        Kind::Q4_1 => GgmlDType::Q4_1,
        Kind::Q5_0 => GgmlDType::Q5_0,
        Kind::Q5_1 => GgmlDType::Q5_1,
        Kind::Q8_0 | Kind::IQ4_NL => GgmlDType::Q8_0,
        Kind::Q2_K => GgmlDType::Q2K,
        Kind::Q3_K => GgmlDType::Q3K,
        Kind::Q4_K => GgmlDType::Q4K,
        Kind::Q5_K => GgmlDType::Q5K,
        Kind::Q6_K => GgmlDType::Q6K,
    }
}

/// The same numbers in the kind that they are packed from. The steps of IQ4_NL are those of Q8_0.
pub(crate) fn packable(kind: Kind, bytes: &[u8]) -> Cow<'_, [u8]> {
    if kind != Kind::IQ4_NL {
        return bytes.into();
    }
    let mut wide = Vec::with_capacity(bytes.len() / 18 * 34);
    for block in bytes.chunks_exact(18) {
        let (scale, places) = block.split_at(2);
        wide.extend_from_slice(scale);
        wide.extend(places.iter().map(|p| STEPS[usize::from(p & 15)] as u8));
        wide.extend(places.iter().map(|p| STEPS[usize::from(p >> 4)] as u8));
    }
    wide.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_as_long_as_those_that_they_are_packed_from() {
        for kind in [
            Kind::F32,
            Kind::F16,
            Kind::BF16,
            Kind::Q4_0,
            Kind::Q4_1,
            Kind::Q5_0,
            Kind::Q5_1,
            Kind::Q8_0,
            Kind::Q2_K,
            Kind::Q3_K,
            Kind::Q4_K,
            Kind::Q5_K,
            Kind::Q6_K,
        ] {
            let candle = packable_kind(kind);
            assert_eq!(kind.block(), (candle.block_size() as u64, candle.type_size() as u64), "{kind:?}");
        }
        assert_eq!(packable(Kind::IQ4_NL, &[0; 36]).len(), 68);
    }
}
