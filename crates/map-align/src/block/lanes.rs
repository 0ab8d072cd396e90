//! Several numbers at once: what the loops run over.

use std::ops::{Add, Mul, Sub};
use wide::{f64x2, i64x2};

/// A vector of [`Lanes::COUNT`] numbers. All operations are by lane and round once, so that results do not
/// depend on the width; sums are over four lanes whatever it is.
pub(super) trait Lanes: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// 2 or 4.
    const COUNT: usize;
    fn splat(x: f64) -> Self;
    /// The first numbers of `x`.
    fn load(x: &[f64]) -> Self;
    /// To the first numbers of `x`.
    fn store(self, x: &mut [f64]);
    /// The larger by lane.
    fn larger(self, other: Self) -> Self;
    /// self · 2ⁿ, n the whole number in the lowest bits of `exponent`.
    fn scale(self, exponent: Self) -> Self;
    /// Four lanes summed, the second pair joining the first; of a wide vector the first alone.
    fn sum(four: [Self; 2]) -> f64;
    /// The largest of four lanes likewise.
    fn largest(four: [Self; 2]) -> f64;
}

impl Lanes for f64x2 {
    const COUNT: usize = 2;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        f64x2::splat(x)
    }

    #[inline(always)]
    fn load(x: &[f64]) -> Self {
        f64x2::from([x[0], x[1]])
    }

    #[inline(always)]
    fn store(self, x: &mut [f64]) {
        [x[0], x[1]] = self.to_array();
    }

    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        self.fast_max(other)
    }

    #[inline(always)]
    fn scale(self, exponent: Self) -> Self {
        let exponent: i64x2 = bytemuck::cast::<f64x2, i64x2>(exponent) << 52;
        bytemuck::cast(bytemuck::cast::<f64x2, i64x2>(self) + exponent)
    }

    #[inline(always)]
    fn sum([a, b]: [Self; 2]) -> f64 {
        (a + b).reduce_add()
    }

    #[inline(always)]
    fn largest([a, b]: [Self; 2]) -> f64 {
        let [a, b] = a.fast_max(b).to_array();
        a.max(b)
    }
}
