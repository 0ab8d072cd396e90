//! WebAssembly's 128-bit vectors: four outputs to a vector, a pair of inputs at a time. Nothing relaxed, so every browser computes the same bits.

use core::arch::wasm32::*;

use super::{BLOCK, EIGHT_BYTES, Eight, FOUR_BYTES, Four, Kernel, PANEL, Rows};

pub(in super::super) struct Simd128;

/// Dots of a pair of inputs (at `x`, the same for all outputs) with both halves of a panel, added to `dots`.
#[inline(always)]
unsafe fn add_pair(dots: &mut [v128; 2], w: [v128; 2], x: *const i16) {
    // SAFETY: the caller has a pair of numbers at `x`.
    let pair = unsafe { v128_load32_splat(x.cast()) };
    dots[0] = i32x4_add(dots[0], i32x4_dot_i16x8(w[0], pair));
    dots[1] = i32x4_add(dots[1], i32x4_dot_i16x8(w[1], pair));
}

/// sums += dots · (scale · x_scale).
#[inline(always)]
fn add_block(sums: &mut [v128; 2], dots: [v128; 2], scale: [v128; 2], x_scale: f32) {
    let x_scale = f32x4_splat(x_scale);
    for h in 0..2 {
        sums[h] = f32x4_add(sums[h], f32x4_mul(f32x4_convert_i32x4(dots[h]), f32x4_mul(scale[h], x_scale)));
    }
}

#[inline(always)]
unsafe fn two(at: *const f32) -> [v128; 2] {
    // SAFETY: the caller has eight numbers at `at`; unaligned loads are allowed.
    unsafe { [v128_load(at.cast()), v128_load(at.add(4).cast())] }
}

#[inline(always)]
fn stored<const R: usize>(sums: [[v128; 2]; R]) -> [[f32; PANEL]; R] {
    let mut out = [[0.0; PANEL]; R];
    for (out, halves) in out.iter_mut().zip(sums) {
        // SAFETY: room for eight numbers.
        unsafe {
            v128_store(out.as_mut_ptr().cast(), halves[0]);
            v128_store(out.as_mut_ptr().add(4).cast(), halves[1]);
        }
    }
    out
}

fn check<const R: usize>(blocks: usize, bytes: usize, each: usize, x: &Rows) {
    assert!(bytes == blocks * each && x.q.len() == R * blocks * BLOCK && x.scale.len() == R * blocks && x.sum.len() == R * blocks);
}

impl Kernel for Simd128 {
    #[inline(always)]
    fn eight<const R: usize>(w: Eight, x: Rows) -> [[f32; PANEL]; R] {
        let blocks = w.scale.len() / PANEL;
        check::<R>(blocks, w.q.len(), EIGHT_BYTES, &x);
        let zero = i32x4_splat(0);
        let mut sums = [[zero; 2]; R];
        for b in 0..blocks {
            let mut dots = [[zero; 2]; R];
            // SAFETY: the lengths were checked above, and every address below lies within them.
            unsafe {
                let q = w.q.as_ptr().add(b * EIGHT_BYTES);
                let x_q = x.q.as_ptr().add(b * BLOCK);
                for pair in 0..BLOCK / 2 {
                    let q = q.add(pair * 16);
                    let wide = [i16x8_load_extend_i8x8(q), i16x8_load_extend_i8x8(q.add(8))];
                    for (r, dots) in dots.iter_mut().enumerate() {
                        add_pair(dots, wide, x_q.add(r * blocks * BLOCK + 2 * pair));
                    }
                }
                let scale = two(w.scale.as_ptr().add(b * PANEL));
                for (r, sums) in sums.iter_mut().enumerate() {
                    add_block(sums, dots[r], scale, *x.scale.get_unchecked(r * blocks + b));
                }
            }
        }
        stored(sums)
    }

    #[inline(always)]
    fn four<const R: usize>(w: Four, x: Rows) -> [[f32; PANEL]; R] {
        let blocks = w.scale.len() / PANEL;
        check::<R>(blocks, w.q.len(), FOUR_BYTES, &x);
        assert!(w.least.len() == w.scale.len());
        let zero = i32x4_splat(0);
        let mask = u8x16_splat(15);
        let mut sums = [[zero; 2]; R];
        for b in 0..blocks {
            let mut dots = [[zero; 2]; R];
            // SAFETY: the lengths were checked above, and every address below lies within them.
            unsafe {
                let q = w.q.as_ptr().add(b * FOUR_BYTES);
                let x_q = x.q.as_ptr().add(b * BLOCK);
                for pairs in 0..BLOCK / 4 {
                    let both = v128_load(q.add(pairs * 16).cast());
                    let (low, high) = (v128_and(both, mask), u8x16_shr(both, 4));
                    let low = [u16x8_extend_low_u8x16(low), u16x8_extend_high_u8x16(low)];
                    let high = [u16x8_extend_low_u8x16(high), u16x8_extend_high_u8x16(high)];
                    for (r, dots) in dots.iter_mut().enumerate() {
                        let x = x_q.add(r * blocks * BLOCK + 4 * pairs);
                        add_pair(dots, low, x);
                        add_pair(dots, high, x.add(2));
                    }
                }
                let scale = two(w.scale.as_ptr().add(b * PANEL));
                let least = two(w.least.as_ptr().add(b * PANEL));
                for (r, sums) in sums.iter_mut().enumerate() {
                    add_block(sums, dots[r], scale, *x.scale.get_unchecked(r * blocks + b));
                    let sum = f32x4_splat(*x.sum.get_unchecked(r * blocks + b));
                    for h in 0..2 {
                        sums[h] = f32x4_add(sums[h], f32x4_mul(least[h], sum));
                    }
                }
            }
        }
        stored(sums)
    }
}
