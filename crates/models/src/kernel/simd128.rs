//! WebAssembly's 128-bit vectors: four outputs to a vector, a pair of inputs at a time. Nothing relaxed, so
//! every browser computes the same bits.

use core::arch::wasm32::*;
use core::hint::black_box;

use super::{
    BLOCK, Kernel, Lanes, PANEL, Q4_BYTES, Q4Panel, Q8_BYTES, Q8Panel, Rows, Unpacked, UnpackedPanel,
};

#[derive(Clone, Copy)]
pub(in super::super) struct Simd128;

/// Reads something of each of `LINES` cache lines, so that they are there when they are multiplied:
/// WebAssembly knows no prefetch. Where weights come from memory, as all of a model do for one row, this
/// makes one stream a tenth (4-bit) to a third (8-bit) faster.
#[inline(always)]
unsafe fn touch<const LINES: usize>(touched: &mut v128, at: *const u8) {
    for line in 0..LINES {
        // SAFETY: the caller has so many lines at `at`.
        *touched = v128_or(*touched, unsafe { v128_load32_zero(at.add(64 * line).cast()) });
    }
}

/// Dots of a pair of inputs (at `x`, the same for all outputs) with both halves of a panel, added to `dots`.
#[inline(always)]
unsafe fn add_pair(dots: &mut [v128; 2], w: [v128; 2], x: *const i16) {
    // SAFETY: the caller has a pair of numbers at `x`.
    let pair = unsafe { v128_load32_splat(x.cast()) };
    dots[0] = i32x4_add(dots[0], i32x4_dot_i16x8(w[0], pair));
    dots[1] = i32x4_add(dots[1], i32x4_dot_i16x8(w[1], pair));
}

/// Adds block `b` to the sums of each row: sums += dots · (scale · x_scale), and with `LEAST` sums += least ·
/// x_sum.
#[inline(always)]
unsafe fn end_block<const R: usize, const LEAST: bool>(
    sums: &mut [[v128; 2]; R],
    dots: [[v128; 2]; R],
    b: usize,
    scale: &[f32],
    least: &[f32],
    x: &Rows,
) {
    let blocks = scale.len() / PANEL;
    // SAFETY: the caller has checked that each row has so many blocks, and the scales (with `LEAST` the least
    // weights too) of block `b`.
    unsafe {
        let scale = two(scale.as_ptr().add(b * PANEL));
        let least = if LEAST { two(least.as_ptr().add(b * PANEL)) } else { scale };
        for (r, (sums, dots)) in sums.iter_mut().zip(dots).enumerate() {
            let x_scale = f32x4_splat(*x.scale.get_unchecked(r * blocks + b));
            let x_sum = f32x4_splat(*x.sum.get_unchecked(r * blocks + b));
            for h in 0..2 {
                sums[h] =
                    f32x4_add(sums[h], f32x4_mul(f32x4_convert_i32x4(dots[h]), f32x4_mul(scale[h], x_scale)));
                if LEAST {
                    sums[h] = f32x4_add(sums[h], f32x4_mul(least[h], x_sum));
                }
            }
        }
    }
}

/// The weights of four pairs of inputs, of both halves of a panel.
#[inline(always)]
fn four_pairs(group: [v128; 2]) -> [[v128; 2]; 4] {
    let mask = u16x8_splat(15);
    [
        group.map(|g| v128_and(g, mask)),
        group.map(|g| v128_and(u16x8_shr(g, 4), mask)),
        group.map(|g| v128_and(u16x8_shr(g, 8), mask)),
        group.map(|g| u16x8_shr(g, 12)),
    ]
}

/// The weights of a pair of inputs.
#[inline(always)]
fn store(to: &mut Lanes, w: [v128; 2]) {
    let to: *mut v128 = to.0.as_mut_ptr().cast();
    // SAFETY: room for sixteen numbers, aligned.
    unsafe {
        v128_store(to, w[0]);
        v128_store(to.add(1), w[1]);
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
    assert!(
        bytes == blocks * each
            && x.q.len() == R * blocks * BLOCK
            && x.scale.len() == R * blocks
            && x.sum.len() == R * blocks
    );
}

impl Kernel for Simd128 {
    #[inline(always)]
    fn q8_panel<const R: usize>(self, w: Q8Panel, x: Rows) -> [[f32; PANEL]; R] {
        let blocks = w.scale.len() / PANEL;
        check::<R>(blocks, w.q.len(), Q8_BYTES, &x);
        assert!(w.next.len() == w.q.len());
        let zero = i32x4_splat(0);
        let mut sums = [[zero; 2]; R];
        let mut touched = zero;
        for b in 0..blocks {
            let mut dots = [[zero; 2]; R];
            // SAFETY: the lengths were checked above, and every address below lies within them.
            unsafe {
                touch::<{ Q8_BYTES / 64 }>(&mut touched, w.next.as_ptr().add(b * Q8_BYTES).cast());
                let q = w.q.as_ptr().add(b * Q8_BYTES);
                let x_q = x.q.as_ptr().add(b * BLOCK);
                for pair in 0..BLOCK / 2 {
                    let q = q.add(pair * 16);
                    let wide = [i16x8_load_extend_i8x8(q), i16x8_load_extend_i8x8(q.add(8))];
                    for (r, dots) in dots.iter_mut().enumerate() {
                        add_pair(dots, wide, x_q.add(r * blocks * BLOCK + 2 * pair));
                    }
                }
                end_block::<R, false>(&mut sums, dots, b, w.scale, &[], &x);
            }
        }
        black_box(touched);
        stored(sums)
    }

    #[inline(always)]
    fn q4_panel<const R: usize>(self, w: Q4Panel, x: Rows) -> [[f32; PANEL]; R] {
        let blocks = w.scale.len() / PANEL;
        check::<R>(blocks, w.q.len(), Q4_BYTES, &x);
        assert!(w.least.len() == w.scale.len() && w.next.len() == w.q.len());
        let zero = i32x4_splat(0);
        let mut sums = [[zero; 2]; R];
        let mut touched = zero;
        for b in 0..blocks {
            let mut dots = [[zero; 2]; R];
            // SAFETY: the lengths were checked above, and every address below lies within them.
            unsafe {
                touch::<{ Q4_BYTES / 64 }>(&mut touched, w.next.as_ptr().add(b * Q4_BYTES));
                let q = w.q.as_ptr().add(b * Q4_BYTES);
                let x_q = x.q.as_ptr().add(b * BLOCK);
                for group in 0..BLOCK / 8 {
                    let q = q.add(group * 32);
                    for (pair, w) in
                        four_pairs([v128_load(q.cast()), v128_load(q.add(16).cast())]).into_iter().enumerate()
                    {
                        for (r, dots) in dots.iter_mut().enumerate() {
                            add_pair(dots, w, x_q.add(r * blocks * BLOCK + 8 * group + 2 * pair));
                        }
                    }
                }
                end_block::<R, true>(&mut sums, dots, b, w.scale, w.least, &x);
            }
        }
        black_box(touched);
        stored(sums)
    }

    #[inline(always)]
    fn unpack_q8(self, q: &[i8], to: &mut Unpacked) {
        let to = to.room(q.len() / Q8_BYTES);
        for (q, to) in q.chunks_exact(2 * PANEL).zip(to) {
            // SAFETY: 16 bytes are there to be read.
            store(to, unsafe {
                [i16x8_load_extend_i8x8(q.as_ptr()), i16x8_load_extend_i8x8(q.as_ptr().add(8))]
            });
        }
    }

    #[inline(always)]
    fn unpack_q4(self, q: &[u8], to: &mut Unpacked) {
        let to = to.room(q.len() / Q4_BYTES);
        for (q, to) in q.chunks_exact(32).zip(to.chunks_exact_mut(4)) {
            // SAFETY: 32 bytes are there to be read.
            let group = unsafe { [v128_load(q.as_ptr().cast()), v128_load(q.as_ptr().add(16).cast())] };
            for (w, to) in four_pairs(group).into_iter().zip(to) {
                store(to, w);
            }
        }
    }

    #[inline(always)]
    fn unpacked_panel<const R: usize, const LEAST: bool>(
        self,
        w: UnpackedPanel,
        x: Rows,
    ) -> [[f32; PANEL]; R] {
        let blocks = w.scale.len() / PANEL;
        check::<R>(blocks, w.q.0.len(), BLOCK / 2, &x);
        assert!(!LEAST || w.least.len() == w.scale.len());
        let zero = i32x4_splat(0);
        let mut sums = [[zero; 2]; R];
        for b in 0..blocks {
            let mut dots = [[zero; 2]; R];
            // SAFETY: the lengths were checked above, and every address below lies within them.
            unsafe {
                let q: *const v128 = w.q.0.as_ptr().add(b * BLOCK / 2).cast();
                let x_q = x.q.as_ptr().add(b * BLOCK);
                for pair in 0..BLOCK / 2 {
                    let w = [v128_load(q.add(2 * pair)), v128_load(q.add(2 * pair + 1))];
                    for (r, dots) in dots.iter_mut().enumerate() {
                        add_pair(dots, w, x_q.add(r * blocks * BLOCK + 2 * pair));
                    }
                }
                end_block::<R, LEAST>(&mut sums, dots, b, w.scale, w.least, &x);
            }
        }
        stored(sums)
    }

    #[inline(always)]
    fn quantise(self, x: &[f32; BLOCK], q: &mut [i16; BLOCK]) -> (f32, i32) {
        // SAFETY: four numbers at each address.
        let x: [v128; BLOCK / 4] =
            std::array::from_fn(|i| unsafe { v128_load(x.as_ptr().add(4 * i).cast()) });
        // pmax(a, b) is b where a < b, else a: a number that is none is passed over, as by the plain kernel.
        let most = x.iter().fold(f32x4_splat(0.0), |most, x| f32x4_pmax(most, f32x4_abs(*x)));
        let most = f32x4_pmax(most, i32x4_shuffle::<2, 3, 0, 1>(most, most));
        let largest = f32x4_extract_lane::<0>(f32x4_pmax(most, i32x4_shuffle::<1, 0, 3, 2>(most, most)));
        let inverse = f32x4_splat(if largest > 0.0 { 32767.0 / largest } else { 0.0 });
        let (half, sign, ones) = (f32x4_splat(0.5), f32x4_splat(-0.0), i16x8_splat(1));
        let rounded = |x| {
            let y = f32x4_mul(x, inverse);
            i32x4_trunc_sat_f32x4(f32x4_add(y, v128_or(half, v128_and(y, sign))))
        };
        let mut sums = i32x4_splat(0);
        for (i, x) in x.as_chunks::<2>().0.iter().enumerate() {
            let both = i16x8_narrow_i32x4(rounded(x[0]), rounded(x[1]));
            sums = i32x4_add(sums, i32x4_dot_i16x8(both, ones));
            // SAFETY: room for eight numbers at each address.
            unsafe { v128_store(q.as_mut_ptr().add(8 * i).cast(), both) };
        }
        let sums = i32x4_add(sums, i32x4_shuffle::<2, 3, 0, 1>(sums, sums));
        (largest / 32767.0, i32x4_extract_lane::<0>(sums) + i32x4_extract_lane::<1>(sums))
    }
}
