//! The numbers that quantised weights stand for.

use std::borrow::Cow;

use candle_core::Device;
use candle_core::quantized::{GgmlDType, QStorage, QTensor};

use super::ModelError;

/// The numbers of a tensor, by candle, whatever it is quantised as.
pub(super) fn dequantise(kind: GgmlDType, count: usize, bytes: &[u8]) -> Result<Vec<f32>, ModelError> {
    // candle reads blocks in place, so they must be aligned.
    let mut aligned = vec![0u64; bytes.len().div_ceil(8)];
    let aligned: &mut [u8] = &mut bytemuck::cast_slice_mut(&mut aligned)[..bytes.len()];
    aligned.copy_from_slice(bytes);
    let storage = QStorage::from_data(Cow::Borrowed(aligned), &Device::Cpu, kind)?;
    Ok(QTensor::new(storage, count)?.dequantize(&Device::Cpu)?.to_vec1()?)
}
