//! AVX2: the eight outputs of a panel in one vector.

use core::arch::x86_64::*;

use super::{BLOCK, Kernel, PANEL, Q4_BYTES, Q4Panel, Q8_BYTES, Q8Panel, Rows, Unpacked, UnpackedPanel};
use crate::dispatch::has_avx2;

/// That the processor has AVX2.
#[derive(Clone, Copy)]
pub(in super::super) struct Avx2(());

impl Avx2 {
    /// `None` on a processor without it.
    #[inline]
    pub(in super::super) fn detect() -> Option<Self> {
        has_avx2().then_some(Avx2(()))
    }
}

impl Kernel for Avx2 {
    #[inline(always)]
    fn q8_panel<const R: usize>(self, w: Q8Panel, x: Rows) -> [[f32; PANEL]; R] {
        // SAFETY: as `self` says, the processor has AVX2.
        unsafe { q8_panel(w, x) }
    }

    #[inline(always)]
    fn q4_panel<const R: usize>(self, w: Q4Panel, x: Rows) -> [[f32; PANEL]; R] {
        // SAFETY: as above.
        unsafe { q4_panel(w, x) }
    }

    #[inline(always)]
    fn unpack_q8(self, q: &[i8], to: &mut Unpacked) {
        // SAFETY: as above.
        unsafe { unpack_q8(q, to) }
    }

    #[inline(always)]
    fn unpack_q4(self, q: &[u8], to: &mut Unpacked) {
        // SAFETY: as above.
        unsafe { unpack_q4(q, to) }
    }

    #[inline(always)]
    fn unpacked_panel<const R: usize, const LEAST: bool>(
        self,
        w: UnpackedPanel,
        x: Rows,
    ) -> [[f32; PANEL]; R] {
        // SAFETY: as above.
        unsafe { unpacked_panel::<R, LEAST>(w, x) }
    }

    #[inline(always)]
    fn quantise(self, x: &[f32; BLOCK], q: &mut [i16; BLOCK]) -> (f32, i32) {
        // SAFETY: as above.
        unsafe { quantise(x, q) }
    }
}

fn check<const R: usize>(blocks: usize, bytes: usize, each: usize, x: &Rows) {
    assert!(
        bytes == blocks * each
            && x.q.len() == R * blocks * BLOCK
            && x.scale.len() == R * blocks
            && x.sum.len() == R * blocks
    );
}

/// Fetches `LINES` cache lines.
#[inline]
#[target_feature(enable = "avx2")]
#[allow(unused_unsafe, reason = "a prefetch is safe to call in later versions of Rust")]
fn fetch<const LINES: usize>(at: *const i8) {
    for line in 0..LINES {
        // SAFETY: a prefetch of any address is allowed.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(at.wrapping_add(64 * line)) };
    }
}

/// The weights of four pairs of inputs.
#[inline]
#[target_feature(enable = "avx2")]
fn four_pairs(group: __m256i) -> [__m256i; 4] {
    let mask = _mm256_set1_epi16(15);
    [
        _mm256_and_si256(group, mask),
        _mm256_and_si256(_mm256_srli_epi16(group, 4), mask),
        _mm256_and_si256(_mm256_srli_epi16(group, 8), mask),
        _mm256_srli_epi16(group, 12),
    ]
}

/// Adds block `b` to the sum of each row: sum += dots · (scale · x_scale), and with `LEAST` sum += least ·
/// x_sum.
///
/// # Safety
/// There are scales (with `LEAST` the least weights too) of block `b`, and each row has as many blocks.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn end_block<const R: usize, const LEAST: bool>(
    sums: &mut [__m256; R],
    dots: &[__m256i; R],
    b: usize,
    scale: &[f32],
    least: &[f32],
    x: &Rows,
) {
    let blocks = scale.len() / PANEL;
    // SAFETY: the caller has checked it.
    unsafe {
        let scale = _mm256_loadu_ps(scale.as_ptr().add(b * PANEL));
        let least = if LEAST { _mm256_loadu_ps(least.as_ptr().add(b * PANEL)) } else { scale };
        for (r, (sum, dots)) in sums.iter_mut().zip(dots).enumerate() {
            let scale = _mm256_mul_ps(scale, _mm256_set1_ps(*x.scale.get_unchecked(r * blocks + b)));
            *sum = _mm256_add_ps(*sum, _mm256_mul_ps(_mm256_cvtepi32_ps(*dots), scale));
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
///
/// # Safety
/// There is a pair of numbers at `x`.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn pair(x: *const i16) -> __m256i {
    // SAFETY: the caller has it.
    _mm256_set1_epi32(unsafe { x.cast::<i32>().read_unaligned() })
}

#[inline]
#[target_feature(enable = "avx2")]
fn stored<const R: usize>(sums: &[__m256; R]) -> [[f32; PANEL]; R] {
    let mut out = [[0.0; PANEL]; R];
    for (out, sums) in out.iter_mut().zip(sums) {
        // SAFETY: room for eight numbers.
        unsafe { _mm256_storeu_ps(out.as_mut_ptr(), *sums) };
    }
    out
}

#[target_feature(enable = "avx2")]
fn q8_panel<const R: usize>(w: Q8Panel, x: Rows) -> [[f32; PANEL]; R] {
    let blocks = w.scale.len() / PANEL;
    check::<R>(blocks, w.q.len(), Q8_BYTES, &x);
    let mut sums = [_mm256_setzero_ps(); R];
    for b in 0..blocks {
        let mut dots = [_mm256_setzero_si256(); R];
        fetch::<{ Q8_BYTES / 64 }>(w.next.as_ptr().wrapping_add(b * Q8_BYTES));
        // SAFETY: the lengths were checked above, and every address lies within them.
        unsafe {
            let q = w.q.as_ptr().add(b * Q8_BYTES);
            let x_q = x.q.as_ptr().add(b * BLOCK);
            for p in 0..BLOCK / 2 {
                let wide = _mm256_cvtepi8_epi16(_mm_loadu_si128(q.add(p * 16).cast()));
                for (r, dots) in dots.iter_mut().enumerate() {
                    let x = pair(x_q.add(r * blocks * BLOCK + 2 * p));
                    *dots = _mm256_add_epi32(*dots, _mm256_madd_epi16(wide, x));
                }
            }
            end_block::<R, false>(&mut sums, &dots, b, w.scale, &[], &x);
        }
    }
    stored(&sums)
}

#[target_feature(enable = "avx2")]
fn q4_panel<const R: usize>(w: Q4Panel, x: Rows) -> [[f32; PANEL]; R] {
    let blocks = w.scale.len() / PANEL;
    check::<R>(blocks, w.q.len(), Q4_BYTES, &x);
    assert!(w.least.len() == w.scale.len());
    let mut sums = [_mm256_setzero_ps(); R];
    for b in 0..blocks {
        let mut dots = [_mm256_setzero_si256(); R];
        fetch::<{ Q4_BYTES / 64 }>(w.next.as_ptr().wrapping_add(b * Q4_BYTES).cast());
        // SAFETY: the lengths were checked above, and every address lies within them.
        unsafe {
            let q = w.q.as_ptr().add(b * Q4_BYTES);
            let x_q = x.q.as_ptr().add(b * BLOCK);
            for group in 0..BLOCK / 8 {
                let pairs = four_pairs(_mm256_loadu_si256(q.add(group * 32).cast()));
                for (p, wide) in pairs.iter().enumerate() {
                    for (r, dots) in dots.iter_mut().enumerate() {
                        let x = pair(x_q.add(r * blocks * BLOCK + 8 * group + 2 * p));
                        *dots = _mm256_add_epi32(*dots, _mm256_madd_epi16(*wide, x));
                    }
                }
            }
            end_block::<R, true>(&mut sums, &dots, b, w.scale, w.least, &x);
        }
    }
    stored(&sums)
}

#[target_feature(enable = "avx2")]
fn unpack_q8(q: &[i8], to: &mut Unpacked) {
    let to = to.room(q.len() / Q8_BYTES);
    for (q, to) in q.chunks_exact(2 * PANEL).zip(to) {
        // SAFETY: 16 bytes are there to be read, and there is room for a vector, aligned.
        unsafe {
            let wide = _mm256_cvtepi8_epi16(_mm_loadu_si128(q.as_ptr().cast()));
            _mm256_store_si256(to.0.as_mut_ptr().cast(), wide);
        }
    }
}

#[target_feature(enable = "avx2")]
fn unpack_q4(q: &[u8], to: &mut Unpacked) {
    let to = to.room(q.len() / Q4_BYTES);
    for (q, to) in q.chunks_exact(32).zip(to.chunks_exact_mut(4)) {
        // SAFETY: 32 bytes are there to be read.
        let pairs = four_pairs(unsafe { _mm256_loadu_si256(q.as_ptr().cast()) });
        for (wide, to) in pairs.iter().zip(to) {
            // SAFETY: each of the four has room for a vector, aligned.
            unsafe { _mm256_store_si256(to.0.as_mut_ptr().cast(), *wide) };
        }
    }
}

#[target_feature(enable = "avx2")]
fn unpacked_panel<const R: usize, const LEAST: bool>(w: UnpackedPanel, x: Rows) -> [[f32; PANEL]; R] {
    let blocks = w.scale.len() / PANEL;
    check::<R>(blocks, w.q.0.len(), BLOCK / 2, &x);
    assert!(!LEAST || w.least.len() == w.scale.len());
    let mut sums = [_mm256_setzero_ps(); R];
    for b in 0..blocks {
        let mut dots = [_mm256_setzero_si256(); R];
        // SAFETY: the lengths were checked above, and every address lies within them.
        unsafe {
            let q = w.q.0.as_ptr().add(b * BLOCK / 2);
            let x_q = x.q.as_ptr().add(b * BLOCK);
            for p in 0..BLOCK / 2 {
                let wide = _mm256_load_si256(q.add(p).cast());
                for (r, dots) in dots.iter_mut().enumerate() {
                    let x = pair(x_q.add(r * blocks * BLOCK + 2 * p));
                    *dots = _mm256_add_epi32(*dots, _mm256_madd_epi16(wide, x));
                }
            }
            end_block::<R, LEAST>(&mut sums, &dots, b, w.scale, w.least, &x);
        }
    }
    stored(&sums)
}

/// Eight numbers, scaled and rounded half away from zero.
#[inline]
#[target_feature(enable = "avx2")]
fn rounded(x: __m256, inverse: __m256) -> __m256i {
    let y = _mm256_mul_ps(x, inverse);
    let half = _mm256_or_ps(_mm256_set1_ps(0.5), _mm256_and_ps(y, _mm256_set1_ps(-0.0)));
    let cut = _mm256_cvttps_epi32(_mm256_add_ps(y, half));
    // What is no number becomes 0.
    _mm256_and_si256(cut, _mm256_castps_si256(_mm256_cmp_ps::<_CMP_ORD_Q>(y, y)))
}

#[target_feature(enable = "avx2")]
fn quantise(x: &[f32; BLOCK], q: &mut [i16; BLOCK]) -> (f32, i32) {
    let mut vectors = [_mm256_setzero_ps(); BLOCK / 8];
    let mut most = _mm256_setzero_ps();
    for (vector, x) in vectors.iter_mut().zip(x.as_chunks::<8>().0) {
        // SAFETY: eight numbers are there to be read.
        *vector = unsafe { _mm256_loadu_ps(x.as_ptr()) };
        // max(a, b) is b where a is no number: that is passed over, as by the plain kernel.
        most = _mm256_max_ps(_mm256_andnot_ps(_mm256_set1_ps(-0.0), *vector), most);
    }
    let most = _mm_max_ps(_mm256_castps256_ps128(most), _mm256_extractf128_ps::<1>(most));
    let most = _mm_max_ps(most, _mm_movehl_ps(most, most));
    let largest = _mm_cvtss_f32(_mm_max_ss(most, _mm_movehdup_ps(most)));
    let inverse = _mm256_set1_ps(if largest > 0.0 { 32767.0 / largest } else { 0.0 });
    let mut sums = _mm256_setzero_si256();
    for (x, q) in vectors.as_chunks::<2>().0.iter().zip(q.as_chunks_mut::<16>().0) {
        let both = _mm256_packs_epi32(rounded(x[0], inverse), rounded(x[1], inverse));
        // Packing works on halves: this brings the quarters back into their order.
        let both = _mm256_permute4x64_epi64::<0b11_01_10_00>(both);
        sums = _mm256_add_epi32(sums, _mm256_madd_epi16(both, _mm256_set1_epi16(1)));
        // SAFETY: room for sixteen numbers.
        unsafe { _mm256_storeu_si256(q.as_mut_ptr().cast(), both) };
    }
    let sums = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256::<1>(sums));
    let sums = _mm_add_epi32(sums, _mm_unpackhi_epi64(sums, sums));
    let sums = _mm_add_epi32(sums, _mm_shuffle_epi32::<0b01>(sums));
    (largest / 32767.0, _mm_cvtsi128_si32(sums))
}
