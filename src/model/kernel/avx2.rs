//! AVX2: the eight outputs of a panel in one vector.

use core::arch::x86_64::*;

use super::{BLOCK, EIGHT_BYTES, Eight, FOUR_BYTES, Four, Kernel, PANEL, Rows};

pub(in super::super) struct Avx2;

fn check<const R: usize>(blocks: usize, bytes: usize, each: usize, x: &Rows) {
    assert!(bytes == blocks * each && x.q.len() == R * blocks * BLOCK && x.scale.len() == R * blocks && x.sum.len() == R * blocks);
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
        // SAFETY: the target has AVX2; the lengths were checked above, and every address below lies within them.
        unsafe {
            let mut sums = [_mm256_setzero_ps(); R];
            for b in 0..blocks {
                let mut dots = [_mm256_setzero_si256(); R];
                let q = w.q.as_ptr().add(b * EIGHT_BYTES);
                let x_q = x.q.as_ptr().add(b * BLOCK);
                for p in 0..BLOCK / 2 {
                    let wide = _mm256_cvtepi8_epi16(_mm_loadu_si128(q.add(p * 16).cast()));
                    for (r, dots) in dots.iter_mut().enumerate() {
                        *dots = _mm256_add_epi32(*dots, _mm256_madd_epi16(wide, pair(x_q.add(r * blocks * BLOCK + 2 * p))));
                    }
                }
                let scale = _mm256_loadu_ps(w.scale.as_ptr().add(b * PANEL));
                for (r, sums) in sums.iter_mut().enumerate() {
                    let scale = _mm256_mul_ps(scale, _mm256_set1_ps(*x.scale.get_unchecked(r * blocks + b)));
                    *sums = _mm256_add_ps(*sums, _mm256_mul_ps(_mm256_cvtepi32_ps(dots[r]), scale));
                }
            }
            stored(sums)
        }
    }

    #[inline(always)]
    fn four<const R: usize>(w: Four, x: Rows) -> [[f32; PANEL]; R] {
        let blocks = w.scale.len() / PANEL;
        check::<R>(blocks, w.q.len(), FOUR_BYTES, &x);
        assert!(w.least.len() == w.scale.len());
        // SAFETY: the target has AVX2; the lengths were checked above, and every address below lies within them.
        unsafe {
            let mask = _mm_set1_epi8(15);
            let mut sums = [_mm256_setzero_ps(); R];
            for b in 0..blocks {
                let mut dots = [_mm256_setzero_si256(); R];
                let q = w.q.as_ptr().add(b * FOUR_BYTES);
                let x_q = x.q.as_ptr().add(b * BLOCK);
                for p in 0..BLOCK / 4 {
                    let both = _mm_loadu_si128(q.add(p * 16).cast());
                    let low = _mm256_cvtepu8_epi16(_mm_and_si128(both, mask));
                    let high = _mm256_cvtepu8_epi16(_mm_and_si128(_mm_srli_epi16(both, 4), mask));
                    for (r, dots) in dots.iter_mut().enumerate() {
                        let x = x_q.add(r * blocks * BLOCK + 4 * p);
                        *dots = _mm256_add_epi32(*dots, _mm256_madd_epi16(low, pair(x)));
                        *dots = _mm256_add_epi32(*dots, _mm256_madd_epi16(high, pair(x.add(2))));
                    }
                }
                let scale = _mm256_loadu_ps(w.scale.as_ptr().add(b * PANEL));
                let least = _mm256_loadu_ps(w.least.as_ptr().add(b * PANEL));
                for (r, sums) in sums.iter_mut().enumerate() {
                    let scale = _mm256_mul_ps(scale, _mm256_set1_ps(*x.scale.get_unchecked(r * blocks + b)));
                    *sums = _mm256_add_ps(*sums, _mm256_mul_ps(_mm256_cvtepi32_ps(dots[r]), scale));
                    *sums = _mm256_add_ps(*sums, _mm256_mul_ps(least, _mm256_set1_ps(*x.sum.get_unchecked(r * blocks + b))));
                }
            }
            stored(sums)
        }
    }
}
