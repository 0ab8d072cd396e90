//! A product with quantised weights, packed for the kernels.

use candle_core::quantized::GgmlDType;
use half::f16;

use super::ModelError;
use super::dequantise::dequantise;
use super::kernel::{
    Activations, BLOCK, Kernel, PANEL, Q4_BYTES, Q4Panel, Q8_BYTES, Q8Panel, Rows, Unpacked, UnpackedPanel,
    q4_place, with_fastest,
};

/// Weights [out, in] in panels of eight outputs; outputs beyond the last are zeros, and so is what rows lack
/// to a multiple of 32. See `kernel` for the order within a panel.
pub struct Linear {
    outputs: usize,
    inputs: usize,
    q: Quantised,
    /// [panels, in / 32, 8].
    scale: Vec<f32>,
}

enum Quantised {
    /// w = scale · q.
    Q8(Vec<i8>),
    /// w = scale · q + least; least [panels, in / 32, 8].
    Q4 { q: Vec<u8>, least: Vec<f32> },
}

/// Rows of activations that share the work of unpacking weights.
const TILE: usize = 4;
/// Rows from which on it pays to unpack weights once for all tiles: unpacking reads them from memory in one
/// go, and the tiles find them in the cache.
const UNPACKED_FROM: usize = 2 * TILE + 1;
/// Rows of other kinds of weights that are dequantised together.
const CONVERTED: usize = 64;

impl Linear {
    /// Packs `outputs` × `inputs` weights from a file's bytes. Q8_0 and Q4_1 are kept as they are; every
    /// other kind becomes 8-bit with a scale for every 32.
    ///
    /// # Errors
    /// When rows are no multiple of the kind's blocks, the bytes are not as many as that takes, or not all
    /// weights are finite ([`ModelError::NotFinite`]).
    pub fn new(kind: GgmlDType, outputs: usize, inputs: usize, bytes: &[u8]) -> Result<Self, ModelError> {
        let blocks = inputs.div_ceil(BLOCK);
        if inputs == 0 || !inputs.is_multiple_of(kind.block_size()) {
            return Err(ModelError::Format(format!(
                "a tensor is {kind:?} with rows of {inputs}; rows of a multiple of {} are needed",
                kind.block_size()
            )));
        }
        let row = inputs / kind.block_size() * kind.type_size();
        if bytes.len() != outputs * row {
            return Err(ModelError::Format(format!(
                "a tensor of {outputs} × {inputs} has {} bytes, not {}",
                bytes.len(),
                outputs * row
            )));
        }
        let number = |block: &[u8], at: usize| f16::from_le_bytes([block[at], block[at + 1]]).to_f32();
        let mut linear = Linear::empty(outputs, inputs, kind == GgmlDType::Q4_1);
        let mut finite = true;
        match kind {
            // A block is an f16 scale and 32 bytes.
            GgmlDType::Q8_0 => {
                for (i, block) in bytes.chunks_exact(2 + BLOCK).enumerate() {
                    let q: [i8; BLOCK] = std::array::from_fn(|j| block[2 + j] as i8);
                    finite &= number(block, 0).is_finite();
                    linear.put_q8(i / blocks, i % blocks, number(block, 0), &q);
                }
            }
            // A block is an f16 scale, an f16 least weight and 16 bytes: byte j holds number j in its low
            // half and number j + 16 in its high half.
            GgmlDType::Q4_1 => {
                for (i, block) in bytes.chunks_exact(4 + BLOCK / 2).enumerate() {
                    let half = &block[4..];
                    let q: [u8; BLOCK] =
                        std::array::from_fn(|j| if j < 16 { half[j] & 15 } else { half[j - 16] >> 4 });
                    finite &= number(block, 0).is_finite() && number(block, 2).is_finite();
                    linear.put_q4(i / blocks, i % blocks, number(block, 0), number(block, 2), &q);
                }
            }
            _ => {
                for (i, bytes) in bytes.chunks(CONVERTED * row).enumerate() {
                    let rows = dequantise(kind, bytes.len() / row * inputs, bytes)?;
                    finite &= rows.iter().all(|x| x.is_finite());
                    linear.quantise_rows(i * CONVERTED, &rows);
                }
            }
        }
        if finite { Ok(linear) } else { Err(ModelError::NotFinite) }
    }

    /// Packs weights [out, in], given as finite numbers, as 8-bit.
    ///
    /// # Errors
    /// When rows have no length.
    pub fn quantise(numbers: &[f32], inputs: usize) -> Result<Self, ModelError> {
        if inputs == 0 {
            return Err(ModelError::Format("a tensor has rows without a length".into()));
        }
        let mut linear = Linear::empty(numbers.len() / inputs, inputs, false);
        linear.quantise_rows(0, numbers);
        Ok(linear)
    }

    fn empty(outputs: usize, inputs: usize, four: bool) -> Self {
        let blocks = outputs.div_ceil(PANEL) * inputs.div_ceil(BLOCK);
        let q = if four {
            Quantised::Q4 { q: vec![0; blocks * Q4_BYTES], least: vec![0.0; blocks * PANEL] }
        } else {
            Quantised::Q8(vec![0; blocks * Q8_BYTES])
        };
        Linear { outputs, inputs, q, scale: vec![0.0; blocks * PANEL] }
    }

    /// Rows of numbers from output `first` on, 127 steps to the largest of a block.
    fn quantise_rows(&mut self, first: usize, rows: &[f32]) {
        for (o, row) in rows.chunks_exact(self.inputs).enumerate() {
            for (b, block) in row.chunks(BLOCK).enumerate() {
                let largest = block.iter().fold(0f32, |m, x| m.max(x.abs()));
                let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
                // What a row lacks to a multiple of 32 is zeros.
                let weight = |j: usize| block.get(j).copied().unwrap_or(0.0);
                let q: [i8; BLOCK] = std::array::from_fn(|j| (weight(j) * inverse).round() as i8);
                self.put_q8(first + o, b, largest / 127.0, &q);
            }
        }
    }

    /// Index of block `b` of output `o` among all panels' blocks.
    fn block(&self, o: usize, b: usize) -> usize {
        o / PANEL * self.inputs.div_ceil(BLOCK) + b
    }

    fn put_q8(&mut self, o: usize, b: usize, scale: f32, numbers: &[i8; BLOCK]) {
        let block = self.block(o, b);
        self.scale[block * PANEL + o % PANEL] = scale;
        if let Quantised::Q8(q) = &mut self.q {
            let q = &mut q[block * Q8_BYTES..(block + 1) * Q8_BYTES];
            for (i, x) in numbers.iter().enumerate() {
                q[i / 2 * 16 + o % PANEL * 2 + i % 2] = *x;
            }
        }
    }

    fn put_q4(&mut self, o: usize, b: usize, scale: f32, lowest: f32, numbers: &[u8; BLOCK]) {
        let block = self.block(o, b);
        self.scale[block * PANEL + o % PANEL] = scale;
        if let Quantised::Q4 { q, least } = &mut self.q {
            least[block * PANEL + o % PANEL] = lowest;
            let q = &mut q[block * Q4_BYTES..(block + 1) * Q4_BYTES];
            for (i, x) in numbers.iter().enumerate() {
                let (byte, shift) = q4_place(o % PANEL, i);
                q[byte] |= x << shift;
            }
        }
    }

    /// Number of outputs.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Length of a row.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// x [rows, in] → y [rows, out], both row-major. What was in y goes.
    pub(super) fn forward(&self, x: &mut Activations, y: &mut Vec<f32>) {
        with_fastest!(kernel => self.forward_by(kernel, x, y));
    }

    fn forward_by(&self, kernel: impl Kernel, x: &mut Activations, y: &mut Vec<f32>) {
        let rows = x.rows();
        assert!(x.blocks() == self.inputs.div_ceil(BLOCK) || rows == 0);
        y.resize(rows * self.outputs, 0.0);
        let mut unpacked = x.take_room();
        for panel in 0..self.outputs.div_ceil(PANEL) {
            let panel = self.panel(kernel, panel, rows, &mut unpacked);
            let mut r = 0;
            while r < rows {
                let count = (rows - r).min(TILE);
                let tile = x.tile(r, count);
                let y = &mut y[r * self.outputs..(r + count) * self.outputs];
                match count {
                    4 => panel.put::<4>(kernel, tile, y),
                    3 => panel.put::<3>(kernel, tile, y),
                    2 => panel.put::<2>(kernel, tile, y),
                    _ => panel.put::<1>(kernel, tile, y),
                }
                r += count;
            }
        }
        x.give_room(unpacked);
    }

    /// x [rows, in] → [rows, out], for whoever multiplies once.
    pub fn product(&self, x: &[f32]) -> Vec<f32> {
        let (mut activations, mut y) = (Activations::default(), Vec::new());
        activations.set(x, self.inputs);
        self.forward(&mut activations, &mut y);
        y
    }

    /// The weights of a panel as they suit so many rows best.
    fn panel<'a>(
        &'a self,
        kernel: impl Kernel,
        panel: usize,
        rows: usize,
        room: &'a mut Unpacked,
    ) -> Panel<'a> {
        let blocks = self.inputs.div_ceil(BLOCK);
        let at = panel * blocks..(panel + 1) * blocks;
        let scale = &self.scale[at.start * PANEL..at.end * PANEL];
        let many = rows >= UNPACKED_FROM;
        // After the last panel comes another matrix; the panel itself, which is in the cache, stands in.
        let next = if at.end * PANEL < self.scale.len() { at.end..at.end + blocks } else { at.clone() };
        let weights = match &self.q {
            Quantised::Q8(all) => {
                let q = &all[at.start * Q8_BYTES..at.end * Q8_BYTES];
                if many {
                    unpack_q8(kernel, q, room);
                    Weights::UnpackedQ8(UnpackedPanel { q: room, scale, least: &[] })
                } else {
                    Weights::Q8(Q8Panel { q, next: &all[next.start * Q8_BYTES..next.end * Q8_BYTES], scale })
                }
            }
            Quantised::Q4 { q: all, least } => {
                let (q, least) =
                    (&all[at.start * Q4_BYTES..at.end * Q4_BYTES], &least[at.start * PANEL..at.end * PANEL]);
                if many {
                    unpack_q4(kernel, q, room);
                    Weights::UnpackedQ4(UnpackedPanel { q: room, scale, least })
                } else {
                    Weights::Q4(Q4Panel {
                        q,
                        next: &all[next.start * Q4_BYTES..next.end * Q4_BYTES],
                        scale,
                        least,
                    })
                }
            }
        };
        Panel { weights, first: panel * PANEL, outputs: self.outputs }
    }

    /// Rows `ids` of the weights, as numbers, into `rows` [ids, in].
    ///
    /// # Errors
    /// When there is no such row.
    pub fn rows(&self, ids: &[u32], rows: &mut Vec<f32>) -> Result<(), ModelError> {
        rows.clear();
        for &id in ids {
            let o = id as usize;
            if o >= self.outputs {
                return Err(ModelError::Format(format!(
                    "token {id} is outside the vocabulary of {}",
                    self.outputs
                )));
            }
            for i in 0..self.inputs {
                let block = self.block(o, i / BLOCK);
                let (scale, at) = (self.scale[block * PANEL + o % PANEL], i % BLOCK);
                rows.push(match &self.q {
                    Quantised::Q8(q) => {
                        f32::from(q[block * Q8_BYTES + at / 2 * 16 + o % PANEL * 2 + at % 2]) * scale
                    }
                    Quantised::Q4 { q, least } => {
                        let (byte, shift) = q4_place(o % PANEL, at);
                        f32::from(q[block * Q4_BYTES + byte] >> shift & 15) * scale
                            + least[block * PANEL + o % PANEL]
                    }
                });
            }
        }
        Ok(())
    }
}

/// Eight outputs, or what is left of them.
struct Panel<'a> {
    weights: Weights<'a>,
    /// The first of its outputs, of so many.
    first: usize,
    outputs: usize,
}

enum Weights<'a> {
    Q8(Q8Panel<'a>),
    Q4(Q4Panel<'a>),
    UnpackedQ8(UnpackedPanel<'a>),
    UnpackedQ4(UnpackedPanel<'a>),
}

impl Panel<'_> {
    /// The products with a tile of rows, into their places in y [R, outputs].
    fn put<const R: usize>(&self, kernel: impl Kernel, x: Rows, y: &mut [f32]) {
        let products = match self.weights {
            Weights::Q8(w) => q8_panel::<R>(kernel, w, x),
            Weights::Q4(w) => q4_panel::<R>(kernel, w, x),
            Weights::UnpackedQ8(w) => unpacked_panel::<R, false>(kernel, w, x),
            Weights::UnpackedQ4(w) => unpacked_panel::<R, true>(kernel, w, x),
        };
        for (products, y) in products.iter().zip(y.chunks_exact_mut(self.outputs)) {
            let y = &mut y[self.first..];
            // A copy of known length is two instructions, another one a call.
            if let Some(y) = y.first_chunk_mut() {
                *y = *products;
            } else {
                y.copy_from_slice(&products[..y.len()]);
            }
        }
    }
}

// A function each: in one that holds them all, browsers' compilers no longer keep the sums in registers (a
// third slower, measured in V8).

#[inline(never)]
fn q8_panel<const R: usize>(kernel: impl Kernel, w: Q8Panel, x: Rows) -> [[f32; PANEL]; R] {
    kernel.q8_panel(w, x)
}

#[inline(never)]
fn q4_panel<const R: usize>(kernel: impl Kernel, w: Q4Panel, x: Rows) -> [[f32; PANEL]; R] {
    kernel.q4_panel(w, x)
}

#[inline(never)]
fn unpacked_panel<const R: usize, const LEAST: bool>(
    kernel: impl Kernel,
    w: UnpackedPanel,
    x: Rows,
) -> [[f32; PANEL]; R] {
    kernel.unpacked_panel::<R, LEAST>(w, x)
}

#[inline(never)]
fn unpack_q8(kernel: impl Kernel, q: &[i8], to: &mut Unpacked) {
    kernel.unpack_q8(q, to);
}

#[inline(never)]
fn unpack_q4(kernel: impl Kernel, q: &[u8], to: &mut Unpacked) {
    kernel.unpack_q4(q, to);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights that a file would hold, and the numbers that they stand for.
    fn eight_bit(outputs: usize, inputs: usize) -> (Vec<u8>, Vec<f32>) {
        let (mut bytes, mut numbers) = (Vec::new(), Vec::new());
        for block in 0..outputs * inputs / BLOCK {
            let scale = f16::from_f32(0.01 + 0.003 * (block % 7) as f32);
            bytes.extend(scale.to_le_bytes());
            for i in 0..BLOCK {
                let q = ((block * 31 + i * 37) % 255) as i32 - 127;
                bytes.push(q as i8 as u8);
                numbers.push(q as f32 * scale.to_f32());
            }
        }
        (bytes, numbers)
    }

    fn four_bit(outputs: usize, inputs: usize) -> (Vec<u8>, Vec<f32>) {
        let (mut bytes, mut numbers) = (Vec::new(), Vec::new());
        for block in 0..outputs * inputs / BLOCK {
            let (scale, least) = (
                f16::from_f32(0.02 + 0.001 * (block % 5) as f32),
                f16::from_f32(-0.1 - 0.01 * (block % 3) as f32),
            );
            bytes.extend(scale.to_le_bytes());
            bytes.extend(least.to_le_bytes());
            let q: [u8; BLOCK] = std::array::from_fn(|i| ((block * 5 + i * 11) % 16) as u8);
            bytes.extend((0..16).map(|j| q[j] | q[j + 16] << 4));
            numbers.extend(q.map(|q| f32::from(q) * scale.to_f32() + least.to_f32()));
        }
        (bytes, numbers)
    }

    fn check(linear: &Linear, weights: &[f32], outputs: usize, inputs: usize, tolerance: f64) {
        let ids: Vec<u32> = (0..outputs as u32).collect();
        let mut rows = Vec::new();
        linear.rows(&ids, &mut rows).unwrap();
        for (got, weight) in rows.iter().zip(weights) {
            assert!(f64::from((got - weight).abs()) <= tolerance, "{got}, not {weight}");
        }
        assert!(linear.rows(&[outputs as u32], &mut rows).is_err());
        linear.rows(&ids, &mut rows).unwrap();
        // Few rows and many go different ways; both leave a part of a tile.
        for count in [7, UNPACKED_FROM + 2] {
            let x: Vec<f32> = (0..count * inputs).map(|i| (i as f32 * 0.71).cos()).collect();
            let y = linear.product(&x);
            assert_eq!(y.len(), count * outputs);
            for (i, y) in y.iter().enumerate() {
                let (r, o) = (i / outputs, i % outputs);
                let terms = || {
                    rows[o * inputs..(o + 1) * inputs]
                        .iter()
                        .zip(&x[r * inputs..])
                        .map(|(w, x)| f64::from(*w) * f64::from(*x))
                };
                let (exact, size): (f64, f64) = (terms().sum(), terms().map(f64::abs).sum());
                assert!(
                    (f64::from(*y) - exact).abs() < 1e-4 * size,
                    "row {r}, output {o}: {y}, exactly {exact}"
                );
                let alone = linear.product(&x[r * inputs..(r + 1) * inputs])[o];
                assert_eq!(y.to_bits(), alone.to_bits(), "row {r}, output {o} alone");
            }
        }
    }

    #[test]
    fn weights_of_a_file_are_kept_and_multiplied() {
        // 13 outputs fill one panel and a part of another.
        let (outputs, inputs) = (13, 96);
        let (bytes, numbers) = eight_bit(outputs, inputs);
        check(
            &Linear::new(GgmlDType::Q8_0, outputs, inputs, &bytes).unwrap(),
            &numbers,
            outputs,
            inputs,
            0.0,
        );
        let (bytes, numbers) = four_bit(outputs, inputs);
        check(
            &Linear::new(GgmlDType::Q4_1, outputs, inputs, &bytes).unwrap(),
            &numbers,
            outputs,
            inputs,
            0.0,
        );
    }

    #[test]
    fn other_kinds_become_8_bit() {
        let (outputs, inputs) = (70, 64);
        let numbers: Vec<f32> = (0..outputs * inputs).map(|i| (i as f32 * 0.13).sin()).collect();
        let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        let linear = Linear::new(GgmlDType::F32, outputs, inputs, &bytes).unwrap();
        check(&linear, &numbers, outputs, inputs, 0.5 / 127.0 + 1e-6);
        check(&Linear::quantise(&numbers, inputs).unwrap(), &numbers, outputs, inputs, 0.5 / 127.0 + 1e-6);
    }

    #[test]
    fn wrong_sizes_are_refused() {
        assert!(Linear::new(GgmlDType::Q8_0, 2, 48, &[0; 102]).is_err());
        assert!(Linear::new(GgmlDType::Q8_0, 2, 32, &[0; 67]).is_err());
        assert!(Linear::quantise(&[0.0; 40], 0).is_err());
    }

    #[test]
    fn rows_need_not_be_multiples_of_32_long() {
        for (outputs, inputs) in [(9, 20), (70, 33), (8, 172), (3, 5)] {
            let numbers: Vec<f32> = (0..outputs * inputs).map(|i| (i as f32 * 0.13).sin()).collect();
            let linear = Linear::quantise(&numbers, inputs).unwrap();
            check(&linear, &numbers, outputs, inputs, 0.5 / 127.0 + 1e-6);
        }
    }

    #[test]
    fn what_is_not_finite_is_refused() {
        for bad in [f32::NAN, f32::INFINITY] {
            let bytes: Vec<u8> =
                (0..64).flat_map(|i| if i == 40 { bad } else { 1.0 }.to_le_bytes()).collect();
            assert!(matches!(Linear::new(GgmlDType::F32, 2, 32, &bytes), Err(ModelError::NotFinite)));
        }
    }
}
