//! Four numbers in one 256-bit register.

use super::lanes::Lanes;
use std::arch::x86_64::*;
use std::ops::{Add, Mul, Sub};

/// A vector of four. Its operations are AVX2 instructions: only functions compiled for AVX2, which run where
/// the processor has it, may use the type. That is what every `unsafe` below relies on.
#[derive(Clone, Copy)]
pub(super) struct Quad(__m256d);

impl Add for Quad {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: the processor has AVX2.
        Quad(unsafe { _mm256_add_pd(self.0, other.0) })
    }
}

impl Sub for Quad {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        // SAFETY: the processor has AVX2.
        Quad(unsafe { _mm256_sub_pd(self.0, other.0) })
    }
}

impl Mul for Quad {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        // SAFETY: the processor has AVX2.
        Quad(unsafe { _mm256_mul_pd(self.0, other.0) })
    }
}

impl Lanes for Quad {
    const COUNT: usize = 4;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        // SAFETY: the processor has AVX2.
        Quad(unsafe { _mm256_set1_pd(x) })
    }

    #[inline(always)]
    fn load(x: &[f64]) -> Self {
        let four = &x[..4];
        // SAFETY: the processor has AVX2, and four numbers stand at the address, aligned or not.
        Quad(unsafe { _mm256_loadu_pd(four.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, x: &mut [f64]) {
        let four = &mut x[..4];
        // SAFETY: the processor has AVX2, and there is room for four numbers at the address, aligned or not.
        unsafe { _mm256_storeu_pd(four.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        // SAFETY: the processor has AVX2.
        Quad(unsafe { _mm256_max_pd(self.0, other.0) })
    }

    #[inline(always)]
    fn scale(self, exponent: Self) -> Self {
        // SAFETY: the processor has AVX2.
        Quad(unsafe {
            let exponent = _mm256_slli_epi64::<52>(_mm256_castpd_si256(exponent.0));
            _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(self.0), exponent))
        })
    }

    #[inline(always)]
    fn sum([four, _]: [Self; 2]) -> f64 {
        let mut x = [0.0; 4];
        four.store(&mut x);
        (x[0] + x[2]) + (x[1] + x[3])
    }

    #[inline(always)]
    fn largest([four, _]: [Self; 2]) -> f64 {
        let mut x = [0.0; 4];
        four.store(&mut x);
        x[0].max(x[2]).max(x[1].max(x[3]))
    }
}
