//! The inner product of the models: 8-bit or 4-bit weights, 16-bit activations, blocks of 32 with a scale each.
//!
//! Products are exact in 32-bit integers within a block; across blocks they are summed in four f32 lanes in a fixed order, the same on every machine and
//! for every batch. So an answer does not depend on what is computed beside it.

use super::vector::dot;

/// Numbers that share a scale.
pub(super) const BLOCK: usize = 32;

/// Activations [rows, inputs] in 16 bits.
pub(super) struct Activations {
    pub q: Vec<i16>,
    /// [rows, inputs / 32].
    pub scale: Vec<f32>,
    /// Sum of each block's activations, [rows, inputs / 32].
    pub sum: Vec<f32>,
}

impl Activations {
    /// x [rows, inputs], inputs a multiple of 32.
    pub(super) fn new(x: &[f32]) -> Self {
        let mut q = Vec::with_capacity(x.len());
        let mut scale = Vec::with_capacity(x.len() / BLOCK);
        let mut sum = Vec::with_capacity(x.len() / BLOCK);
        for block in x.chunks_exact(BLOCK) {
            let largest = block.iter().fold(0f32, |m, x| m.max(x.abs()));
            let step = largest / 32767.0;
            let inverse = if largest > 0.0 { 32767.0 / largest } else { 0.0 };
            scale.push(step);
            // Rounding half away from zero by adding a half and cutting: one instruction each, unlike `round`.
            q.extend(block.iter().map(|x| {
                let y = x * inverse;
                (y + 0.5f32.copysign(y)) as i16
            }));
            sum.push(step * q[q.len() - BLOCK..].iter().map(|q| i32::from(*q)).sum::<i32>() as f32);
        }
        Activations { q, scale, sum }
    }
}

/// One row of weights.
#[derive(Clone, Copy)]
pub(super) enum WeightRow<'a> {
    /// scale · q (Q8_0).
    Eight { q: &'a [i8], scale: &'a [f32] },
    /// scale · q + least, q from 0 to 15 (Q4_1): byte j of a block holds number j in its low half and number j + 16 in its high half.
    Four { q: &'a [u8], scale: &'a [f32], least: &'a [f32] },
}

/// Inner products of one row of weights with `R` rows of activations from row `first` on.
pub(super) fn products<const R: usize>(w: WeightRow, a: &Activations, first: usize) -> [f32; R] {
    let blocks = match w {
        WeightRow::Eight { scale, .. } | WeightRow::Four { scale, .. } => scale.len(),
    };
    let x = &a.q[first * blocks * BLOCK..(first + R) * blocks * BLOCK];
    let x_scale = &a.scale[first * blocks..(first + R) * blocks];
    let mut sums = [lanes::zero(); R];
    match w {
        WeightRow::Eight { q, scale } => {
            for (b, (q, scale)) in q.chunks_exact(BLOCK).zip(scale).enumerate() {
                let weights = lanes::widen(q);
                for (r, sum) in sums.iter_mut().enumerate() {
                    let at = r * blocks + b;
                    lanes::add_product(sum, &weights, &x[at * BLOCK..(at + 1) * BLOCK], scale * x_scale[at]);
                }
            }
            sums.map(lanes::total)
        }
        WeightRow::Four { q, scale, least } => {
            for (b, (q, scale)) in q.chunks_exact(BLOCK / 2).zip(scale).enumerate() {
                let weights = lanes::widen_halves(q);
                for (r, sum) in sums.iter_mut().enumerate() {
                    let at = r * blocks + b;
                    lanes::add_product(sum, &weights, &x[at * BLOCK..(at + 1) * BLOCK], scale * x_scale[at]);
                }
            }
            let mut totals = sums.map(lanes::total);
            for (r, total) in totals.iter_mut().enumerate() {
                let at = (first + r) * blocks;
                *total += dot(least, &a.sum[at..at + blocks]);
            }
            totals
        }
    }
}

/// Four lanes by WebAssembly's 128-bit vectors.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use core::arch::wasm32::*;

    pub(super) fn zero() -> v128 {
        f32x4_splat(0.0)
    }

    pub(super) fn widen(q: &[i8]) -> [v128; 4] {
        assert!(q.len() == 32);
        let q = q.as_ptr();
        // SAFETY: the slice has 32 bytes; unaligned loads are allowed.
        unsafe {
            [
                i16x8_load_extend_i8x8(q),
                i16x8_load_extend_i8x8(q.add(8)),
                i16x8_load_extend_i8x8(q.add(16)),
                i16x8_load_extend_i8x8(q.add(24)),
            ]
        }
    }

    pub(super) fn widen_halves(q: &[u8]) -> [v128; 4] {
        assert!(q.len() == 16);
        // SAFETY: the slice has 16 bytes; `v128_load` allows unaligned addresses.
        let both = unsafe { v128_load(q.as_ptr().cast()) };
        let (low, high) = (v128_and(both, u8x16_splat(15)), u8x16_shr(both, 4));
        [u16x8_extend_low_u8x16(low), u16x8_extend_high_u8x16(low), u16x8_extend_low_u8x16(high), u16x8_extend_high_u8x16(high)]
    }

    pub(super) fn add_product(sum: &mut v128, w: &[v128; 4], x: &[i16], scale: f32) {
        assert!(x.len() == 32);
        let x = x.as_ptr().cast::<v128>();
        // SAFETY: the slice has 64 bytes; `v128_load` allows unaligned addresses.
        let dot = |i: usize| i32x4_dot_i16x8(w[i], unsafe { v128_load(x.add(i)) });
        let product = i32x4_add(i32x4_add(dot(0), dot(1)), i32x4_add(dot(2), dot(3)));
        *sum = f32x4_add(*sum, f32x4_mul(f32x4_convert_i32x4(product), f32x4_splat(scale)));
    }

    pub(super) fn total(sum: v128) -> f32 {
        (f32x4_extract_lane::<0>(sum) + f32x4_extract_lane::<1>(sum)) + (f32x4_extract_lane::<2>(sum) + f32x4_extract_lane::<3>(sum))
    }
}

/// The same lanes by the 128-bit vectors of x86-64.
#[cfg(all(target_arch = "x86_64", target_feature = "sse4.1"))]
mod lanes {
    use core::arch::x86_64::*;

    pub(super) fn zero() -> __m128 {
        // SAFETY: every function of this module needs SSE4.1 at most, which the target has.
        unsafe { _mm_setzero_ps() }
    }

    pub(super) fn widen(q: &[i8]) -> [__m128i; 4] {
        assert!(q.len() == 32);
        let q = q.as_ptr();
        // SAFETY: the slice has 32 bytes; unaligned loads.
        let eight = |i: usize| unsafe { _mm_cvtepi8_epi16(_mm_loadl_epi64(q.add(8 * i).cast())) };
        [eight(0), eight(1), eight(2), eight(3)]
    }

    pub(super) fn widen_halves(q: &[u8]) -> [__m128i; 4] {
        assert!(q.len() == 16);
        // SAFETY: the slice has 16 bytes; an unaligned load.
        unsafe {
            let both = _mm_loadu_si128(q.as_ptr().cast());
            let mask = _mm_set1_epi8(15);
            let (low, high) = (_mm_and_si128(both, mask), _mm_and_si128(_mm_srli_epi16(both, 4), mask));
            [
                _mm_cvtepu8_epi16(low),
                _mm_cvtepu8_epi16(_mm_srli_si128(low, 8)),
                _mm_cvtepu8_epi16(high),
                _mm_cvtepu8_epi16(_mm_srli_si128(high, 8)),
            ]
        }
    }

    pub(super) fn add_product(sum: &mut __m128, w: &[__m128i; 4], x: &[i16], scale: f32) {
        assert!(x.len() == 32);
        let x = x.as_ptr().cast::<__m128i>();
        // SAFETY: the slice has 64 bytes; unaligned loads.
        unsafe {
            let dot = |i: usize| _mm_madd_epi16(w[i], _mm_loadu_si128(x.add(i)));
            let product = _mm_add_epi32(_mm_add_epi32(dot(0), dot(1)), _mm_add_epi32(dot(2), dot(3)));
            *sum = _mm_add_ps(*sum, _mm_mul_ps(_mm_cvtepi32_ps(product), _mm_set1_ps(scale)));
        }
    }

    pub(super) fn total(sum: __m128) -> f32 {
        let mut lanes = [0f32; 4];
        // SAFETY: room for four numbers.
        unsafe { _mm_storeu_ps(lanes.as_mut_ptr(), sum) };
        (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
    }
}

/// The same lanes in plain Rust.
#[cfg(not(any(all(target_arch = "wasm32", target_feature = "simd128"), all(target_arch = "x86_64", target_feature = "sse4.1"))))]
mod lanes {
    pub(super) fn zero() -> [f32; 4] {
        [0.0; 4]
    }

    pub(super) fn widen(q: &[i8]) -> [i16; 32] {
        let mut wide = [0; 32];
        for (wide, q) in wide.iter_mut().zip(q) {
            *wide = i16::from(*q);
        }
        wide
    }

    pub(super) fn widen_halves(q: &[u8]) -> [i16; 32] {
        let mut wide = [0; 32];
        for (j, q) in q.iter().enumerate() {
            wide[j] = i16::from(q & 15);
            wide[j + 16] = i16::from(q >> 4);
        }
        wide
    }

    pub(super) fn add_product(sum: &mut [f32; 4], w: &[i16; 32], x: &[i16], scale: f32) {
        let mut lanes = [0i32; 4];
        for (w, x) in w.chunks_exact(8).zip(x.chunks_exact(8)) {
            for (l, lane) in lanes.iter_mut().enumerate() {
                *lane += i32::from(w[2 * l]) * i32::from(x[2 * l]) + i32::from(w[2 * l + 1]) * i32::from(x[2 * l + 1]);
            }
        }
        for (sum, lane) in sum.iter_mut().zip(lanes) {
            *sum += lane as f32 * scale;
        }
    }

    pub(super) fn total(sum: [f32; 4]) -> f32 {
        (sum[0] + sum[1]) + (sum[2] + sum[3])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INPUTS: usize = 96;
    const ROWS: usize = 5;

    fn activations() -> Vec<f32> {
        (0..ROWS * INPUTS).map(|i| (i as f32 * 0.37).sin() * if i % 32 == 5 { 100.0 } else { 1.0 }).collect()
    }

    fn check(w: WeightRow, weights: &[f64]) {
        let x = activations();
        let a = Activations::new(&x);
        let four = products::<4>(w, &a, 0);
        for r in 0..ROWS {
            let one = products::<1>(w, &a, r)[0];
            if r < 4 {
                assert_eq!(one.to_bits(), four[r].to_bits(), "the batch changes nothing");
            }
            let terms = || weights.iter().zip(&x[r * INPUTS..]).map(|(w, x)| w * f64::from(*x));
            let (exact, size): (f64, f64) = (terms().sum(), terms().map(f64::abs).sum());
            assert!((f64::from(one) - exact).abs() < 1e-4 * size, "row {r}: {one}, exactly {exact}");
        }
    }

    #[test]
    fn products_with_8_bit_weights_agree_with_float64() {
        let q: Vec<i8> = (0..INPUTS).map(|i| ((i * 37 % 255) as i32 - 127) as i8).collect();
        let scale = [0.01f32, 0.5, 3.0];
        let weights: Vec<f64> = (0..INPUTS).map(|i| f64::from(q[i]) * f64::from(scale[i / BLOCK])).collect();
        check(WeightRow::Eight { q: &q, scale: &scale }, &weights);
    }

    #[test]
    fn products_with_4_bit_weights_agree_with_float64() {
        let q: Vec<u8> = (0..INPUTS / 2).map(|i| (i * 89 % 256) as u8).collect();
        let (scale, least) = ([0.01f32, 0.5, 3.0], [-0.07f32, 0.0, 1.5]);
        let weights: Vec<f64> = (0..INPUTS)
            .map(|i| {
                let (b, j) = (i / BLOCK, i % BLOCK);
                let byte = q[b * 16 + j % 16];
                f64::from(if j < 16 { byte & 15 } else { byte >> 4 }) * f64::from(scale[b]) + f64::from(least[b])
            })
            .collect();
        check(WeightRow::Four { q: &q, scale: &scale, least: &least }, &weights);
    }
}
