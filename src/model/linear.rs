//! A product with quantised weights.

use candle_core::Device;
use candle_core::quantized::{GgmlDType, QTensor};
use half::f16;

use super::ModelError;
use super::kernel::{Activations, BLOCK, WeightRow, products};

/// Weights [out, in] as they are stored: a scale for every 32.
pub struct Linear {
    outputs: usize,
    inputs: usize,
    q: Quantised,
    /// [out, in / 32].
    scale: Vec<f32>,
}

enum Quantised {
    /// Q8_0: [out, in].
    Eight(Vec<i8>),
    /// Q4_1: two to a byte, and the least weight of every block.
    Four { q: Vec<u8>, least: Vec<f32> },
}

/// Rows of activations that share the work of unpacking a row of weights.
const TILE: usize = 4;

impl Linear {
    /// # Errors
    /// When the tensor is not two-dimensional, neither Q8_0 nor Q4_1, or its rows are no multiple of 32 long.
    pub fn new(weight: QTensor) -> Result<Self, ModelError> {
        let (outputs, inputs) = weight.shape().dims2()?;
        let (kind, count) = (weight.dtype(), outputs * inputs / BLOCK);
        let data = weight.data()?;
        let number = |block: &[u8], at: usize| f16::from_le_bytes([block[at], block[at + 1]]).to_f32();
        let mut scale = Vec::with_capacity(count);
        let q = match kind {
            // A block is an f16 scale and 32 bytes.
            GgmlDType::Q8_0 if inputs.is_multiple_of(BLOCK) => {
                let mut q = Vec::with_capacity(outputs * inputs);
                for block in data.chunks_exact(2 + BLOCK) {
                    scale.push(number(block, 0));
                    q.extend(block[2..].iter().map(|b| *b as i8));
                }
                Quantised::Eight(q)
            }
            // A block is an f16 scale, an f16 least weight and 16 bytes.
            GgmlDType::Q4_1 if inputs.is_multiple_of(BLOCK) => {
                let (mut q, mut least) = (Vec::with_capacity(outputs * inputs / 2), Vec::with_capacity(count));
                for block in data.chunks_exact(4 + BLOCK / 2) {
                    scale.push(number(block, 0));
                    least.push(number(block, 2));
                    q.extend_from_slice(&block[4..]);
                }
                Quantised::Four { q, least }
            }
            _ => {
                return Err(ModelError::Format(format!(
                    "a tensor is {kind:?} with rows of {inputs}; Q8_0 or Q4_1 with rows of a multiple of {BLOCK} is needed"
                )));
            }
        };
        if scale.len() != count {
            return Err(ModelError::Format(format!("a tensor of {outputs} × {inputs} has {} blocks", scale.len())));
        }
        Ok(Linear { outputs, inputs, q, scale })
    }

    fn row(&self, o: usize) -> WeightRow<'_> {
        let blocks = self.inputs / BLOCK;
        let scale = &self.scale[o * blocks..(o + 1) * blocks];
        match &self.q {
            Quantised::Eight(q) => WeightRow::Eight { q: &q[o * self.inputs..(o + 1) * self.inputs], scale },
            Quantised::Four { q, least } => WeightRow::Four {
                q: &q[o * self.inputs / 2..(o + 1) * self.inputs / 2],
                scale,
                least: &least[o * blocks..(o + 1) * blocks],
            },
        }
    }

    /// x [rows, in] → [rows, out], both row-major.
    pub fn forward(&self, x: &[f32]) -> Vec<f32> {
        let rows = x.len() / self.inputs;
        let a = Activations::new(x);
        let mut y = vec![0.0; rows * self.outputs];
        for o in 0..self.outputs {
            let w = self.row(o);
            let mut r = 0;
            while r < rows {
                if r + TILE <= rows {
                    for (i, p) in products::<TILE>(w, &a, r).into_iter().enumerate() {
                        y[(r + i) * self.outputs + o] = p;
                    }
                    r += TILE;
                } else {
                    y[r * self.outputs + o] = products::<1>(w, &a, r)[0];
                    r += 1;
                }
            }
        }
        y
    }

    /// Rows `ids` of the weights, as numbers: [ids, in].
    ///
    /// # Errors
    /// When there is no such row, or the weights are Q4_1 (no embedding here is).
    pub fn rows(&self, ids: &[u32]) -> Result<Vec<f32>, ModelError> {
        let mut rows = Vec::with_capacity(ids.len() * self.inputs);
        for &id in ids {
            if id as usize >= self.outputs {
                return Err(ModelError::Format(format!("token {id} is outside the vocabulary of {}", self.outputs)));
            }
            let WeightRow::Eight { q, scale } = self.row(id as usize) else {
                return Err(ModelError::Format("the embedding must be Q8_0".into()));
            };
            rows.extend(q.iter().enumerate().map(|(i, q)| f32::from(*q) * scale[i / BLOCK]));
        }
        Ok(rows)
    }
}

/// A tensor of few numbers, dequantised.
pub fn vector(tensor: &QTensor) -> Result<Vec<f32>, ModelError> {
    Ok(tensor.dequantize(&Device::Cpu)?.flatten_all()?.to_vec1()?)
}
