//! The reference: plain Rust, for processors without a kernel of their own and for tests.

use super::{BLOCK, EIGHT_BYTES, Eight, FOUR_BYTES, Four, Kernel, PANEL, Rows};

pub(in super::super) struct Plain;

/// Adds a block to the sums of one row: `dots` times both scales, then what the least weights add.
fn add(sums: &mut [f32; PANEL], dots: [i32; PANEL], scale: &[f32], x_scale: f32) {
    for o in 0..PANEL {
        sums[o] += dots[o] as f32 * (scale[o] * x_scale);
    }
}

impl Kernel for Plain {
    fn eight<const R: usize>(w: Eight, x: Rows) -> [[f32; PANEL]; R] {
        let blocks = w.scale.len() / PANEL;
        let mut sums = [[0.0; PANEL]; R];
        for b in 0..blocks {
            let (q, scale) = (&w.q[b * EIGHT_BYTES..(b + 1) * EIGHT_BYTES], &w.scale[b * PANEL..(b + 1) * PANEL]);
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

    fn four<const R: usize>(w: Four, x: Rows) -> [[f32; PANEL]; R] {
        let blocks = w.scale.len() / PANEL;
        let mut sums = [[0.0; PANEL]; R];
        for b in 0..blocks {
            let q = &w.q[b * FOUR_BYTES..(b + 1) * FOUR_BYTES];
            let (scale, least) = (&w.scale[b * PANEL..(b + 1) * PANEL], &w.least[b * PANEL..(b + 1) * PANEL]);
            for (r, sums) in sums.iter_mut().enumerate() {
                let row = &x.q[(r * blocks + b) * BLOCK..(r * blocks + b + 1) * BLOCK];
                let mut dots = [0i32; PANEL];
                for (x, q) in row.chunks_exact(4).zip(q.chunks_exact(2 * PANEL)) {
                    for (dot, q) in dots.iter_mut().zip(q.chunks_exact(2)) {
                        *dot += i32::from(x[0]) * i32::from(q[0] & 15) + i32::from(x[1]) * i32::from(q[1] & 15);
                        *dot += i32::from(x[2]) * i32::from(q[0] >> 4) + i32::from(x[3]) * i32::from(q[1] >> 4);
                    }
                }
                add(sums, dots, scale, x.scale[r * blocks + b]);
                let sum = x.sum[r * blocks + b];
                for o in 0..PANEL {
                    sums[o] += least[o] * sum;
                }
            }
        }
        sums
    }
}
