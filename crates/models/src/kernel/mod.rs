//! The product of the models: 8-bit or 4-bit weights, 16-bit activations, blocks of 32 inputs with a scale
//! each.
//!
//! Weights are packed once, at loading, in panels of eight outputs ([`super::linear`]); a kernel multiplies
//! one panel by a tile of rows of activations, so that unpacked weights serve all rows of the tile. Weights
//! that meet many rows are unpacked to 16 bits once for all their tiles. Within a block products are exact in
//! 32-bit integers; across blocks each output is summed in f32, block after block. No step depends on what
//! else is in the tile: a product has the same bits for every batch, and in every kernel.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(any(test, not(all(target_arch = "wasm32", target_feature = "simd128"))))]
mod plain;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;

#[cfg(target_arch = "x86_64")]
pub(super) use avx2::Avx2;
#[cfg(any(test, not(all(target_arch = "wasm32", target_feature = "simd128"))))]
pub(super) use plain::Plain;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use simd128::Simd128;

/// Evaluates an expression with the fastest kernel: on x86_64 that of the processor which it runs on, in
/// WebAssembly that which it was compiled for.
macro_rules! with_fastest {
    ($kernel:ident => $work:expr) => {{
        #[cfg(target_arch = "x86_64")]
        {
            use $crate::kernel::{Avx2, Plain};
            if let Some($kernel) = Avx2::detect() {
                $work
            } else {
                let $kernel = Plain;
                $work
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            let $kernel = $crate::kernel::Simd128;
            #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
            let $kernel = $crate::kernel::Plain;
            $work
        }
    }};
}
pub(super) use with_fastest;

/// Inputs that share a scale.
pub(super) const BLOCK: usize = 32;
/// Outputs of a panel.
pub(super) const PANEL: usize = 8;
/// Bytes of a panel's weights in one block.
pub(super) const Q8_BYTES: usize = BLOCK * PANEL;
pub(super) const Q4_BYTES: usize = Q8_BYTES / 2;

/// A panel of 8-bit weights, w = scale · q: for every pair of inputs, q of the pair for the first output, for
/// the second, ….
#[derive(Clone, Copy)]
pub(super) struct Q8Panel<'a> {
    /// [blocks, 16 pairs, 8 outputs, 2].
    pub q: &'a [i8],
    /// The panel that comes next, as large, to be fetched from memory while this one is multiplied.
    pub next: &'a [i8],
    /// [blocks, 8 outputs].
    pub scale: &'a [f32],
}

/// A panel of 4-bit weights, w = scale · q + least with q from 0 to 15. Sixteen bits hold the weights of four
/// pairs, so that each pair comes out by a shift and a mask and needs no widening ([`q4_place`]).
#[derive(Clone, Copy)]
pub(super) struct Q4Panel<'a> {
    /// [blocks, 4 groups of 8 inputs, 8 outputs, 2] numbers of 16 bits, low byte first.
    pub q: &'a [u8],
    /// As for [`Q8Panel`].
    pub next: &'a [u8],
    /// [blocks, 8 outputs].
    pub scale: &'a [f32],
    pub least: &'a [f32],
}

/// Byte of a panel's block, and shift in it, of the 4-bit weight of input `i` (of 32) and output `o` (of 8).
pub(super) fn q4_place(o: usize, i: usize) -> (usize, usize) {
    let (group, pair) = (i / 8, i % 8 / 2);
    (group * 2 * 2 * PANEL + (o * 2 + i % 2) * 2 + pair / 2, 4 * (pair % 2))
}

/// The weights of one panel as 16-bit numbers: [blocks, 16 pairs, 8 outputs, 2].
#[derive(Default)]
pub(super) struct Unpacked(Vec<Lanes>);

/// As aligned as the vectors that are made of it: a load across two cache lines takes twice as long.
#[derive(Clone, Copy, Default)]
#[repr(align(32))]
struct Lanes([i16; 2 * PANEL]);

impl Unpacked {
    /// Room for a panel of so many blocks.
    fn room(&mut self, blocks: usize) -> &mut [Lanes] {
        self.0.resize(blocks * BLOCK / 2, Lanes::default());
        &mut self.0
    }
}

/// A panel of weights that stand unpacked.
#[derive(Clone, Copy)]
pub(super) struct UnpackedPanel<'a> {
    pub q: &'a Unpacked,
    /// [blocks, 8 outputs].
    pub scale: &'a [f32],
    /// The same; empty for 8-bit weights.
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

/// One panel times `R` rows of activations. Kernels are values, so that one which needs certain processors
/// can be had on no other.
pub(super) trait Kernel: Copy {
    fn q8_panel<const R: usize>(self, w: Q8Panel, x: Rows) -> [[f32; PANEL]; R];
    fn q4_panel<const R: usize>(self, w: Q4Panel, x: Rows) -> [[f32; PANEL]; R];
    /// Unpacks the weights of a panel.
    fn unpack_q8(self, q: &[i8], to: &mut Unpacked);
    fn unpack_q4(self, q: &[u8], to: &mut Unpacked);
    /// As `q4_panel` (`LEAST`) or `q8_panel`, with weights that stand unpacked.
    fn unpacked_panel<const R: usize, const LEAST: bool>(
        self,
        w: UnpackedPanel,
        x: Rows,
    ) -> [[f32; PANEL]; R];
    /// A block of activations in 16 bits: 32767 steps to its largest. Gives the step, and the sum of the
    /// numbers in steps.
    fn quantise(self, x: &[f32; BLOCK], q: &mut [i16; BLOCK]) -> (f32, i32);
}

/// Rows of `inputs` numbers with zeros after each, up to a multiple of 32.
fn pad(x: &[f32], inputs: usize) -> Vec<f32> {
    let width = inputs.next_multiple_of(BLOCK);
    let mut padded = Vec::with_capacity(x.len() / inputs * width);
    for row in x.chunks_exact(inputs) {
        padded.extend_from_slice(row);
        padded.resize(padded.len() + width - inputs, 0.0);
    }
    padded
}

/// Activations [rows, inputs] in 16 bits. The buffers are used again.
#[derive(Default)]
pub(super) struct Activations {
    blocks: usize,
    q: Vec<i16>,
    scale: Vec<f32>,
    sum: Vec<f32>,
    room: Unpacked,
}

impl Activations {
    /// Quantises x [rows, inputs]. What rows lack to a multiple of 32 is zeros.
    pub(super) fn set(&mut self, x: &[f32], inputs: usize) {
        with_fastest!(kernel => self.set_by(kernel, x, inputs));
    }

    fn set_by(&mut self, kernel: impl Kernel, x: &[f32], inputs: usize) {
        self.blocks = inputs.div_ceil(BLOCK);
        let padded: Vec<f32>;
        let x = if inputs.is_multiple_of(BLOCK) {
            x
        } else {
            padded = pad(x, inputs);
            &padded
        };
        self.q.resize(x.len(), 0);
        self.scale.clear();
        self.sum.clear();
        for (x, q) in x.as_chunks().0.iter().zip(self.q.as_chunks_mut().0) {
            let (step, sum) = kernel.quantise(x, q);
            self.scale.push(step);
            self.sum.push(step * sum as f32);
        }
    }

    /// Room for the unpacked weights that these activations meet, to be given back.
    pub(super) fn take_room(&mut self) -> Unpacked {
        std::mem::take(&mut self.room)
    }

    pub(super) fn give_room(&mut self, room: Unpacked) {
        self.room = room;
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

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCKS: usize = 3;

    /// Numbers that look random, the same every time; some blocks are zero and one has an outlier.
    fn activations(rows: usize) -> Activations {
        let inputs = BLOCKS * BLOCK;
        let x: Vec<f32> = (0..rows * inputs)
            .map(|i| {
                if i / BLOCK % 5 == 4 {
                    0.0
                } else {
                    (i as f32 * 0.37).sin() * if i % 32 == 5 { 100.0 } else { 1.0 }
                }
            })
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

    /// A kernel and the plain one, on tiles of every size, and each row beside its place in a larger tile.
    fn compare<const R: usize>(kernel: impl Kernel) {
        let a = activations(R + 2);
        let scale: Vec<f32> = (0..BLOCKS * PANEL).map(|i| 0.001 * (i + 1) as f32).collect();
        let least: Vec<f32> = (0..BLOCKS * PANEL).map(|i| 0.003 * i as f32 - 0.05).collect();
        let q8_bytes: Vec<i8> = bytes(BLOCKS * Q8_BYTES, R).into_iter().map(|b| b as i8).collect();
        let q8 = Q8Panel { q: &q8_bytes, next: &q8_bytes, scale: &scale };
        let q4_bytes = bytes(BLOCKS * Q4_BYTES, R);
        let q4 = Q4Panel { q: &q4_bytes, next: &q4_bytes, scale: &scale, least: &least };
        for first in 0..2 {
            let x = a.tile(first, R);
            assert_eq!(bits(kernel.q8_panel::<R>(q8, x)), bits(Plain.q8_panel::<R>(q8, x)));
            assert_eq!(bits(kernel.q4_panel::<R>(q4, x)), bits(Plain.q4_panel::<R>(q4, x)));
            let (mut plain, mut fast) = (Unpacked::default(), Unpacked::default());
            Plain.unpack_q4(&q4_bytes, &mut plain);
            kernel.unpack_q4(&q4_bytes, &mut fast);
            let unpacked = |q| UnpackedPanel { q, scale: &scale, least: &least };
            assert_eq!(
                bits(Plain.unpacked_panel::<R, true>(unpacked(&plain), x)),
                bits(Plain.q4_panel::<R>(q4, x))
            );
            assert_eq!(
                bits(kernel.unpacked_panel::<R, true>(unpacked(&fast), x)),
                bits(Plain.q4_panel::<R>(q4, x))
            );
            Plain.unpack_q8(&q8_bytes, &mut plain);
            kernel.unpack_q8(&q8_bytes, &mut fast);
            let unpacked = |q| UnpackedPanel { q, scale: &scale, least: &[] };
            assert_eq!(
                bits(Plain.unpacked_panel::<R, false>(unpacked(&plain), x)),
                bits(Plain.q8_panel::<R>(q8, x))
            );
            assert_eq!(
                bits(kernel.unpacked_panel::<R, false>(unpacked(&fast), x)),
                bits(Plain.q8_panel::<R>(q8, x))
            );
            for r in 0..R {
                let alone = a.tile(first + r, 1);
                assert_eq!(
                    bits([kernel.q8_panel::<1>(q8, alone)[0]]),
                    bits([kernel.q8_panel::<R>(q8, x)[r]])
                );
                assert_eq!(
                    bits([kernel.q4_panel::<1>(q4, alone)[0]]),
                    bits([kernel.q4_panel::<R>(q4, x)[r]])
                );
            }
        }
    }

    #[test]
    fn kernels_agree_bit_for_bit_whatever_the_tile() {
        with_fastest!(kernel => {
            compare::<1>(kernel);
            compare::<2>(kernel);
            compare::<3>(kernel);
            compare::<4>(kernel);
        });
    }

    #[test]
    fn kernels_quantise_alike() {
        let mut blocks: Vec<[f32; BLOCK]> = (0..200)
            .map(|b| {
                std::array::from_fn(|i| ((b * BLOCK + i) as f32 * 0.73).sin() * 10f32.powi(b as i32 % 9 - 4))
            })
            .collect();
        // Halves, to be rounded away from zero; one number alone; nothing; what no model should give.
        blocks.push(std::array::from_fn(|i| if i == 0 { 32767.0 } else { (i as f32 - 16.0) * 1.5 }));
        blocks.push(std::array::from_fn(|i| if i == 7 { -3e-30 } else { 0.0 }));
        blocks.push([0.0; BLOCK]);
        blocks.push(std::array::from_fn(|i| if i == 3 { f32::NAN } else { i as f32 }));
        blocks.push(std::array::from_fn(|i| if i == 3 { f32::INFINITY } else { i as f32 }));
        for x in &blocks {
            let (mut plain, mut fast) = ([0; BLOCK], [0; BLOCK]);
            let (a, b) =
                (Plain.quantise(x, &mut plain), with_fastest!(kernel => kernel.quantise(x, &mut fast)));
            assert_eq!((a.0.to_bits(), a.1, plain), (b.0.to_bits(), b.1, fast), "{x:?}");
        }
        let mut q = [0; BLOCK];
        assert_eq!(Plain.quantise(&blocks[200], &mut q), (1.0, q.iter().map(|q| i32::from(*q)).sum()));
        assert_eq!(q[13..20], [-5, -3, -2, 0, 2, 3, 5]);
    }

    #[test]
    fn the_plain_kernel_agrees_with_float64() {
        let a = activations(1);
        let x = a.tile(0, 1);
        let scale: Vec<f32> = (0..BLOCKS * PANEL).map(|i| 0.01 * (i + 1) as f32).collect();
        let least: Vec<f32> = (0..BLOCKS * PANEL).map(|i| 0.3 * i as f32 - 2.0).collect();
        let (q8, q4) = (bytes(BLOCKS * Q8_BYTES, 1), bytes(BLOCKS * Q4_BYTES, 2));
        let q8: Vec<i8> = q8.into_iter().map(|b| b as i8).collect();
        let eight = Plain.q8_panel::<1>(Q8Panel { q: &q8, next: &q8, scale: &scale }, x)[0];
        let four = Plain.q4_panel::<1>(Q4Panel { q: &q4, next: &q4, scale: &scale, least: &least }, x)[0];
        for o in 0..PANEL {
            let (mut exact, mut sizes) = ([0.0; 2], [0.0; 2]);
            for b in 0..BLOCKS {
                for i in 0..BLOCK {
                    let x = f64::from(x.q[b * BLOCK + i]) * f64::from(x.scale[b]);
                    let s = f64::from(scale[b * PANEL + o]);
                    let w8 = f64::from(q8[b * Q8_BYTES + i / 2 * 16 + o * 2 + i % 2]) * s;
                    let (byte, shift) = q4_place(o, i);
                    let w4 = f64::from(q4[b * Q4_BYTES + byte] >> shift & 15) * s
                        + f64::from(least[b * PANEL + o]);
                    for (k, w) in [w8, w4].into_iter().enumerate() {
                        exact[k] += w * x;
                        sizes[k] += (w * x).abs();
                    }
                }
            }
            for (k, got) in [eight[o], four[o]].into_iter().enumerate() {
                assert!(
                    (f64::from(got) - exact[k]).abs() < 1e-5 * sizes[k],
                    "output {o}: {got}, exactly {}",
                    exact[k]
                );
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
