//! The reference: plain Rust, for processors without a kernel of their own.

use super::{
    BLOCK, Kernel, PANEL, Q4_BYTES, Q4Panel, Q8_BYTES, Q8Panel, Rows, Unpacked, UnpackedPanel, q4_place,
};

#[derive(Clone, Copy)]
pub(in super::super) struct Plain;

/// Adds a block to the sums of one row: `dots` times both scales, then what the least weights add.
fn add(sums: &mut [f32; PANEL], dots: [i32; PANEL], scale: &[f32], x_scale: f32) {
    for o in 0..PANEL {
        sums[o] += dots[o] as f32 * (scale[o] * x_scale);
    }
}

/// max |x|.
fn largest(x: &[f32; BLOCK]) -> f32 {
    x.iter().fold(0.0, |most, x| if x.abs() > most { x.abs() } else { most })
}

impl Kernel for Plain {
    fn q8_panel<const R: usize>(self, w: Q8Panel, x: Rows) -> [[f32; PANEL]; R] {
        let blocks = w.scale.len() / PANEL;
        let mut sums = [[0.0; PANEL]; R];
        for b in 0..blocks {
            let (q, scale) = (&w.q[b * Q8_BYTES..(b + 1) * Q8_BYTES], &w.scale[b * PANEL..(b + 1) * PANEL]);
            for (r, sums) in sums.iter_mut().enumerate() {
                let row = &x.q[(r * blocks + b) * BLOCK..(r * blocks + b + 1) * BLOCK];
                let mut dots = [0i32; PANEL];
                for (pair, q) in row.chunks_exact(2).zip(q.chunks_exact(2 * PANEL)) {
                    for (dot, q) in dots.iter_mut().zip(q.chunks_exact(2)) {
                        *dot += i32::from(pair[0]) * i32::from(q[0]) + i32::from(pair[1]) * i32::from(q[1]);
                    }
                }
                add(sums, dots, scale, x.scale[r * blocks + b]);
            }
        }
        sums
    }

    fn q4_panel<const R: usize>(self, w: Q4Panel, x: Rows) -> [[f32; PANEL]; R] {
        let mut q = Unpacked::default();
        self.unpack_q4(w.q, &mut q);
        self.unpacked_panel::<R, true>(UnpackedPanel { q: &q, scale: w.scale, least: w.least }, x)
    }

    fn unpack_q8(self, q: &[i8], to: &mut Unpacked) {
        let to = to.room(q.len() / Q8_BYTES);
        for (q, to) in q.chunks_exact(2 * PANEL).zip(to) {
            to.0 = std::array::from_fn(|i| i16::from(q[i]));
        }
    }

    fn unpack_q4(self, q: &[u8], to: &mut Unpacked) {
        let to = to.room(q.len() / Q4_BYTES);
        for (q, to) in q.chunks_exact(Q4_BYTES).zip(to.chunks_exact_mut(BLOCK / 2)) {
            for i in 0..BLOCK {
                for o in 0..PANEL {
                    let (byte, shift) = q4_place(o, i);
                    to[i / 2].0[2 * o + i % 2] = i16::from(q[byte] >> shift & 15);
                }
            }
        }
    }

    fn unpacked_panel<const R: usize, const LEAST: bool>(
        self,
        w: UnpackedPanel,
        x: Rows,
    ) -> [[f32; PANEL]; R] {
        let blocks = w.scale.len() / PANEL;
        let mut sums = [[0.0; PANEL]; R];
        for (b, q) in w.q.0.chunks_exact(BLOCK / 2).enumerate() {
            for (r, sums) in sums.iter_mut().enumerate() {
                let row = &x.q[(r * blocks + b) * BLOCK..(r * blocks + b + 1) * BLOCK];
                let mut dots = [0i32; PANEL];
                for (x, q) in row.chunks_exact(2).zip(q) {
                    for (dot, q) in dots.iter_mut().zip(q.0.chunks_exact(2)) {
                        *dot += i32::from(x[0]) * i32::from(q[0]) + i32::from(x[1]) * i32::from(q[1]);
                    }
                }
                add(sums, dots, &w.scale[b * PANEL..(b + 1) * PANEL], x.scale[r * blocks + b]);
                if LEAST {
                    let sum = x.sum[r * blocks + b];
                    for (s, least) in sums.iter_mut().zip(&w.least[b * PANEL..(b + 1) * PANEL]) {
                        *s += least * sum;
                    }
                }
            }
        }
        sums
    }

    fn quantise(self, x: &[f32; BLOCK], q: &mut [i16; BLOCK]) -> (f32, i32) {
        let largest = largest(x);
        let inverse = if largest > 0.0 { 32767.0 / largest } else { 0.0 };
        let mut sum = 0;
        for (x, q) in x.iter().zip(q) {
            let y = x * inverse;
            // Half away from zero, by adding a half and cutting: one instruction each, unlike `round`.
            *q = (y + 0.5f32.copysign(y)) as i16;
            sum += i32::from(*q);
        }
        (largest / 32767.0, sum)
    }
}
