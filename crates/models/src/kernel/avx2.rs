//! AVX2: the eight outputs of a panel in one vector.

use core::arch::x86_64::*;

use super::{BLOCK, EIGHT_BYTES, Eight, FOUR_BYTES, Four, Kernel, PANEL, Rows, Unpacked, Wide};

pub(in super::super) struct Avx2;

fn check<const R: usize>(blocks: usize, bytes: usize, each: usize, x: &Rows) {
    assert!(
        bytes == blocks * each
            && x.q.len() == R * blocks * BLOCK
            && x.scale.len() == R * blocks
            && x.sum.len() == R * blocks
    );
}

/// Fetches `LINES` cache lines.
#[inline(always)]
unsafe fn fetch<const LINES: usize>(at: *const i8) {
    for line in 0..LINES {
        // SAFETY: a prefetch of any address is allowed.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(at.wrapping_add(64 * line)) };
    }
}

/// The weights of four pairs of inputs.
#[inline(always)]
unsafe fn four_pairs(group: __m256i) -> [__m256i; 4] {
    // SAFETY: the target has AVX2.
    unsafe {
        let mask = _mm256_set1_epi16(15);
        [
            _mm256_and_si256(group, mask),
            _mm256_and_si256(_mm256_srli_epi16(group, 4), mask),
            _mm256_and_si256(_mm256_srli_epi16(group, 8), mask),
            _mm256_srli_epi16(group, 12),
        ]
    }
}

/// Adds block `b` to the sum of each row: sum += dots · (scale · x_scale), and with `LEAST` sum += least ·
/// x_sum.
#[inline(always)]
unsafe fn end_block<const R: usize, const LEAST: bool>(
    sums: &mut [__m256; R],
    dots: [__m256i; R],
    b: usize,
    scale: &[f32],
    least: &[f32],
    x: &Rows,
) {
    let blocks = scale.len() / PANEL;
    // SAFETY: the target has AVX2; the caller has checked that each row has so many blocks, and the scales
    // (with `LEAST` the least weights too) of block `b`.
    unsafe {
        let scale = _mm256_loadu_ps(scale.as_ptr().add(b * PANEL));
        let least = if LEAST { _mm256_loadu_ps(least.as_ptr().add(b * PANEL)) } else { scale };
        for (r, (sum, dots)) in sums.iter_mut().zip(dots).enumerate() {
            let scale = _mm256_mul_ps(scale, _mm256_set1_ps(*x.scale.get_unchecked(r * blocks + b)));
            *sum = _mm256_add_ps(*sum, _mm256_mul_ps(_mm256_cvtepi32_ps(dots), scale));
            if LEAST {
                *sum = _mm256_add_ps(
                    *sum,
                    _mm256_mul_ps(least, _mm256_set1_ps(*x.sum.get_unchecked(r * blocks + b))),
                );
            }
        }
    }
}

/// A pair of inputs, the same for all outputs.
#[inline(always)]
unsafe fn pair(x: *const i16) -> __m256i {
    // SAFETY: the caller has a pair of numbers at `x`.
    unsafe { _mm256_set1_epi32(x.cast::<i32>().read_unaligned()) }
}

#[inline(always)]
fn stored<const R: usize>(sums: [__m256; R]) -> [[f32; PANEL]; R] {
    let mut out = [[0.0; PANEL]; R];
    for (out, sums) in out.iter_mut().zip(sums) {
        // SAFETY: room for eight numbers.
        unsafe { _mm256_storeu_ps(out.as_mut_ptr(), sums) };
    }
    out
}

impl Kernel for Avx2 {
    #[inline(always)]
    fn eight<const R: usize>(w: Eight, x: Rows) -> [[f32; PANEL]; R] {
        let blocks = w.scale.len() / PANEL;
        check::<R>(blocks, w.q.len(), EIGHT_BYTES, &x);
        // SAFETY: the target has AVX2; the lengths were checked above, and every address below lies within
        // them.
        unsafe {
            let mut sums = [_mm256_setzero_ps(); R];
            for b in 0..blocks {
                let mut dots = [_mm256_setzero_si256(); R];
                fetch::<{ EIGHT_BYTES / 64 }>(w.next.as_ptr().wrapping_add(b * EIGHT_BYTES));
                let q = w.q.as_ptr().add(b * EIGHT_BYTES);
                let x_q = x.q.as_ptr().add(b * BLOCK);
                for p in 0..BLOCK / 2 {
                    let wide = _mm256_cvtepi8_epi16(_mm_loadu_si128(q.add(p * 16).cast()));
                    for (r, dots) in dots.iter_mut().enumerate() {
                        *dots = _mm256_add_epi32(
                            *dots,
                            _mm256_madd_epi16(wide, pair(x_q.add(r * blocks * BLOCK + 2 * p))),
                        );
                    }
                }
                end_block::<R, false>(&mut sums, dots, b, w.scale, &[], &x);
            }
            stored(sums)
        }
    }

    #[inline(always)]
    fn four<const R: usize>(w: Four, x: Rows) -> [[f32; PANEL]; R] {
        let blocks = w.scale.len() / PANEL;
        check::<R>(blocks, w.q.len(), FOUR_BYTES, &x);
        assert!(w.least.len() == w.scale.len());
        // SAFETY: the target has AVX2; the lengths were checked above, and every address below lies within
        // them.
        unsafe {
            let mut sums = [_mm256_setzero_ps(); R];
            for b in 0..blocks {
                let mut dots = [_mm256_setzero_si256(); R];
                fetch::<{ FOUR_BYTES / 64 }>(w.next.as_ptr().wrapping_add(b * FOUR_BYTES).cast());
                let q = w.q.as_ptr().add(b * FOUR_BYTES);
                let x_q = x.q.as_ptr().add(b * BLOCK);
                for group in 0..BLOCK / 8 {
                    for (p, wide) in
                        four_pairs(_mm256_loadu_si256(q.add(group * 32).cast())).into_iter().enumerate()
                    {
                        for (r, dots) in dots.iter_mut().enumerate() {
                            let x = pair(x_q.add(r * blocks * BLOCK + 8 * group + 2 * p));
                            *dots = _mm256_add_epi32(*dots, _mm256_madd_epi16(wide, x));
                        }
                    }
                }
                end_block::<R, true>(&mut sums, dots, b, w.scale, w.least, &x);
            }
            stored(sums)
        }
    }

    #[inline(always)]
    fn unpack_eight(q: &[i8], to: &mut Unpacked) {
        let to = to.room(q.len() / EIGHT_BYTES);
        for (q, to) in q.chunks_exact(2 * PANEL).zip(to) {
            // SAFETY: the target has AVX2; 16 bytes are there to be read, and there is room for a vector.
            unsafe {
                _mm256_store_si256(
                    to.0.as_mut_ptr().cast(),
                    _mm256_cvtepi8_epi16(_mm_loadu_si128(q.as_ptr().cast())),
                )
            };
        }
    }

    #[inline(always)]
    fn unpack_four(q: &[u8], to: &mut Unpacked) {
        let to = to.room(q.len() / FOUR_BYTES);
        for (q, to) in q.chunks_exact(32).zip(to.chunks_exact_mut(4)) {
            // SAFETY: the target has AVX2; 32 bytes are there to be read, and each of the four has room for a
            // vector.
            unsafe {
                for (wide, to) in four_pairs(_mm256_loadu_si256(q.as_ptr().cast())).into_iter().zip(to) {
                    _mm256_store_si256(to.0.as_mut_ptr().cast(), wide);
                }
            }
        }
    }

    #[inline(always)]
    fn wide<const R: usize, const LEAST: bool>(w: Wide, x: Rows) -> [[f32; PANEL]; R] {
        let blocks = w.scale.len() / PANEL;
        check::<R>(blocks, w.q.0.len(), BLOCK / 2, &x);
        assert!(!LEAST || w.least.len() == w.scale.len());
        // SAFETY: the target has AVX2; the lengths were checked above, and every address below lies within
        // them.
        unsafe {
            let mut sums = [_mm256_setzero_ps(); R];
            for b in 0..blocks {
                let mut dots = [_mm256_setzero_si256(); R];
                let q = w.q.0.as_ptr().add(b * BLOCK / 2);
                let x_q = x.q.as_ptr().add(b * BLOCK);
                for p in 0..BLOCK / 2 {
                    let wide = _mm256_load_si256(q.add(p).cast());
                    for (r, dots) in dots.iter_mut().enumerate() {
                        *dots = _mm256_add_epi32(
                            *dots,
                            _mm256_madd_epi16(wide, pair(x_q.add(r * blocks * BLOCK + 2 * p))),
                        );
                    }
                }
                end_block::<R, LEAST>(&mut sums, dots, b, w.scale, w.least, &x);
            }
            stored(sums)
        }
    }

    #[inline(always)]
    fn quantise(x: &[f32; BLOCK], q: &mut [i16; BLOCK]) -> (f32, i32) {
        // SAFETY: the target has AVX2; eight numbers at each address that is read, and room for sixteen where
        // it is written.
        unsafe {
            let x: [__m256; BLOCK / 8] = std::array::from_fn(|i| _mm256_loadu_ps(x.as_ptr().add(8 * i)));
            let (sign, half, ones) = (_mm256_set1_ps(-0.0), _mm256_set1_ps(0.5), _mm256_set1_epi16(1));
            // max(a, b) is b where a is no number: that is passed over, as by the plain kernel.
            let most =
                x.iter().fold(_mm256_setzero_ps(), |most, x| _mm256_max_ps(_mm256_andnot_ps(sign, *x), most));
            let most = _mm_max_ps(_mm256_castps256_ps128(most), _mm256_extractf128_ps::<1>(most));
            let most = _mm_max_ps(most, _mm_movehl_ps(most, most));
            let largest = _mm_cvtss_f32(_mm_max_ss(most, _mm_movehdup_ps(most)));
            let inverse = _mm256_set1_ps(if largest > 0.0 { 32767.0 / largest } else { 0.0 });
            let rounded = |x| {
                let y = _mm256_mul_ps(x, inverse);
                let cut = _mm256_cvttps_epi32(_mm256_add_ps(y, _mm256_or_ps(half, _mm256_and_ps(y, sign))));
                // What is no number becomes 0.
                _mm256_and_si256(cut, _mm256_castps_si256(_mm256_cmp_ps::<_CMP_ORD_Q>(y, y)))
            };
            let mut sums = _mm256_setzero_si256();
            for (i, x) in x.as_chunks::<2>().0.iter().enumerate() {
                // Packing works on halves: this brings the quarters back into their order.
                let both = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packs_epi32(
                    rounded(x[0]),
                    rounded(x[1]),
                ));
                sums = _mm256_add_epi32(sums, _mm256_madd_epi16(both, ones));
                _mm256_storeu_si256(q.as_mut_ptr().add(16 * i).cast(), both);
            }
            let sums: [i32; 8] = std::mem::transmute(sums);
            (largest / 32767.0, sums.iter().sum())
        }
    }
}
