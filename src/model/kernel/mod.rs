//! The product of the models: 8-bit or 4-bit weights, 16-bit activations, blocks of 32 inputs with a scale each.
//!
//! Weights are packed once, at loading, in panels of eight outputs ([`super::packed`]); a kernel multiplies one panel by a tile of rows of activations,
//! so that unpacked weights serve all rows of the tile. Within a block products are exact in 32-bit integers; across blocks each output is summed in f32,
//! block after block. No step depends on what else is in the tile: a product has the same bits for every batch, and in every kernel.

#[cfg(all(target_arch = "x86_64", target_feature = "avx2"))]
mod avx2;
// Where a faster one is used this is what it is tested against.
#[cfg_attr(any(target_feature = "simd128", target_feature = "avx2"), allow(dead_code))]
mod plain;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;

#[cfg(all(target_arch = "x86_64", target_feature = "avx2"))]
pub(super) use avx2::Avx2 as Fastest;
#[cfg(not(any(all(target_arch = "wasm32", target_feature = "simd128"), all(target_arch = "x86_64", target_feature = "avx2"))))]
pub(super) use plain::Plain as Fastest;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use simd128::Simd128 as Fastest;

/// Inputs that share a scale.
pub(super) const BLOCK: usize = 32;
/// Outputs of a panel.
pub(super) const PANEL: usize = 8;
/// Bytes of a panel's weights in one block.
pub(super) const EIGHT_BYTES: usize = BLOCK * PANEL;
pub(super) const FOUR_BYTES: usize = EIGHT_BYTES / 2;

/// A panel of 8-bit weights, w = scale · q: for every pair of inputs, q of the pair for the first output, for the second, ….
#[derive(Clone, Copy)]
pub(super) struct Eight<'a> {
    /// [blocks, 16 pairs, 8 outputs, 2].
    pub q: &'a [i8],
    /// [blocks, 8 outputs].
    pub scale: &'a [f32],
}

/// A panel of 4-bit weights, w = scale · q + least with q from 0 to 15: two pairs of inputs to a vector of 16 bytes, the first in the low halves.
#[derive(Clone, Copy)]
pub(super) struct Four<'a> {
    /// [blocks, 8 pairs of pairs, 8 outputs, 2].
    pub q: &'a [u8],
    /// [blocks, 8 outputs].
    pub scale: &'a [f32],
    pub least: &'a [f32],
}

/// Some rows of activations.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    /// [rows, inputs].
    pub q: &'a [i16],
    /// [rows, blocks].
    pub scale: &'a [f32],
    /// What the activations of a block add up to, [rows, blocks].
    pub sum: &'a [f32],
}

/// One panel times `R` rows of activations.
pub(super) trait Kernel {
    fn eight<const R: usize>(w: Eight, x: Rows) -> [[f32; PANEL]; R];
    fn four<const R: usize>(w: Four, x: Rows) -> [[f32; PANEL]; R];
}

/// Activations [rows, inputs] in 16 bits. The buffers are used again.
#[derive(Default)]
pub(super) struct Activations {
    blocks: usize,
    q: Vec<i16>,
    scale: Vec<f32>,
    sum: Vec<f32>,
}

impl Activations {
    /// Quantises x [rows, inputs], inputs a multiple of 32.
    pub(super) fn set(&mut self, x: &[f32], inputs: usize) {
        self.blocks = inputs / BLOCK;
        self.q.resize(x.len(), 0);
        self.scale.clear();
        self.sum.clear();
        for (x, q) in x.chunks_exact(BLOCK).zip(self.q.chunks_exact_mut(BLOCK)) {
            let largest = largest(x);
            let step = largest / 32767.0;
            let inverse = if largest > 0.0 { 32767.0 / largest } else { 0.0 };
            let mut sum = 0;
            for (x, q) in x.iter().zip(q) {
                let y = x * inverse;
                // Rounding half away from zero by adding a half and cutting: one instruction each, unlike `round`.
                let rounded = (y + 0.5f32.copysign(y)) as i32;
                *q = rounded as i16;
                sum += rounded;
            }
            self.scale.push(step);
            self.sum.push(step * sum as f32);
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.scale.len().checked_div(self.blocks).unwrap_or(0)
    }

    pub(super) fn blocks(&self) -> usize {
        self.blocks
    }

    /// `count` rows from `first` on.
    pub(super) fn tile(&self, first: usize, count: usize) -> Rows<'_> {
        let b = first * self.blocks..(first + count) * self.blocks;
        Rows { q: &self.q[b.start * BLOCK..b.end * BLOCK], scale: &self.scale[b.clone()], sum: &self.sum[b] }
    }
}

/// max |x| of a block.
fn largest(x: &[f32]) -> f32 {
    let mut lanes = [0f32; 8];
    for x in x.chunks_exact(8) {
        for (lane, x) in lanes.iter_mut().zip(x) {
            let x = x.abs();
            *lane = if x > *lane { x } else { *lane };
        }
    }
    lanes.into_iter().fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::plain::Plain;
    use super::*;

    const BLOCKS: usize = 3;

    /// Numbers that look random, the same every time; some blocks are zero and one has an outlier.
    fn activations(rows: usize) -> Activations {
        let inputs = BLOCKS * BLOCK;
        let x: Vec<f32> = (0..rows * inputs)
            .map(|i| if i / BLOCK % 5 == 4 { 0.0 } else { (i as f32 * 0.37).sin() * if i % 32 == 5 { 100.0 } else { 1.0 } })
            .collect();
        let mut a = Activations::default();
        a.set(&x, inputs);
        a
    }

    fn bytes(count: usize, seed: usize) -> Vec<u8> {
        (0..count).map(|i| ((i + seed).wrapping_mul(2_654_435_761) >> 9) as u8).collect()
    }

    fn bits<const R: usize>(y: [[f32; PANEL]; R]) -> Vec<u32> {
        y.iter().flatten().map(|y| y.to_bits()).collect()
    }

    /// The kernel that is used and the plain one, on tiles of every size, and each row beside its place in a larger tile.
    fn compare<const R: usize>() {
        let a = activations(R + 2);
        let scale: Vec<f32> = (0..BLOCKS * PANEL).map(|i| 0.001 * (i + 1) as f32).collect();
        let least: Vec<f32> = (0..BLOCKS * PANEL).map(|i| 0.003 * i as f32 - 0.05).collect();
        let q: Vec<i8> = bytes(BLOCKS * EIGHT_BYTES, R).into_iter().map(|b| b as i8).collect();
        let eight = Eight { q: &q, scale: &scale };
        let four_q = bytes(BLOCKS * FOUR_BYTES, R);
        let four = Four { q: &four_q, scale: &scale, least: &least };
        for first in 0..2 {
            let x = a.tile(first, R);
            assert_eq!(bits(Fastest::eight::<R>(eight, x)), bits(Plain::eight::<R>(eight, x)));
            assert_eq!(bits(Fastest::four::<R>(four, x)), bits(Plain::four::<R>(four, x)));
            for r in 0..R {
                let alone = a.tile(first + r, 1);
                assert_eq!(bits([Fastest::eight::<1>(eight, alone)[0]]), bits([Fastest::eight::<R>(eight, x)[r]]));
                assert_eq!(bits([Fastest::four::<1>(four, alone)[0]]), bits([Fastest::four::<R>(four, x)[r]]));
            }
        }
    }

    #[test]
    fn kernels_agree_bit_for_bit_whatever_the_tile() {
        compare::<1>();
        compare::<2>();
        compare::<3>();
        compare::<4>();
    }

    #[test]
    fn the_plain_kernel_agrees_with_float64() {
        let a = activations(1);
        let x = a.tile(0, 1);
        let scale: Vec<f32> = (0..BLOCKS * PANEL).map(|i| 0.01 * (i + 1) as f32).collect();
        let least: Vec<f32> = (0..BLOCKS * PANEL).map(|i| 0.3 * i as f32 - 2.0).collect();
        let (q8, q4) = (bytes(BLOCKS * EIGHT_BYTES, 1), bytes(BLOCKS * FOUR_BYTES, 2));
        let q8: Vec<i8> = q8.into_iter().map(|b| b as i8).collect();
        let eight = Plain::eight::<1>(Eight { q: &q8, scale: &scale }, x)[0];
        let four = Plain::four::<1>(Four { q: &q4, scale: &scale, least: &least }, x)[0];
        for o in 0..PANEL {
            let (mut exact, mut sizes) = ([0.0; 2], [0.0; 2]);
            for b in 0..BLOCKS {
                for i in 0..BLOCK {
                    let x = f64::from(x.q[b * BLOCK + i]) * f64::from(x.scale[b]);
                    let s = f64::from(scale[b * PANEL + o]);
                    let w8 = f64::from(q8[b * EIGHT_BYTES + i / 2 * 16 + o * 2 + i % 2]) * s;
                    let byte = q4[b * FOUR_BYTES + i / 4 * 16 + o * 2 + i % 2];
                    let w4 = f64::from(if i / 2 % 2 == 0 { byte & 15 } else { byte >> 4 }) * s + f64::from(least[b * PANEL + o]);
                    for (k, w) in [w8, w4].into_iter().enumerate() {
                        exact[k] += w * x;
                        sizes[k] += (w * x).abs();
                    }
                }
            }
            for (k, got) in [eight[o], four[o]].into_iter().enumerate() {
                assert!((f64::from(got) - exact[k]).abs() < 1e-5 * sizes[k], "output {o}: {got}, exactly {}", exact[k]);
            }
        }
    }

    #[test]
    fn activations_keep_sixteen_bits() {
        let inputs = 64;
        let x: Vec<f32> = (0..2 * inputs).map(|i| (i as f32 - 60.0) * 0.013).collect();
        let mut a = Activations::default();
        a.set(&x, inputs);
        assert_eq!((a.rows(), a.blocks()), (2, 2));
        for (i, x) in x.iter().enumerate() {
            let (tile, at) = (a.tile(i / inputs, 1), i % inputs);
            let back = f32::from(tile.q[at]) * tile.scale[at / BLOCK];
            assert!((back - x).abs() <= tile.scale[at / BLOCK] * 0.53, "{x} came back as {back}");
        }
    }
}
