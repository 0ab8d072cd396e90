//! Several numbers at once: what the loops run over.

use std::ops::{Add, Mul, Sub};
use wide::{f64x2, i64x2};

/// A vector of [`Lanes::COUNT`] numbers. All operations are by lane and round once, so that results do not depend on
/// the width; sums are over four lanes whatever it is.
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

/// Four numbers, for functions that are compiled with 256-bit vectors.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
pub(super) struct Quad([f64; 4]);

#[cfg(target_arch = "x86_64")]
mod quad {
    use super::{Add, Lanes, Mul, Quad, Sub};

    impl Quad {
        #[inline(always)]
        fn by_lane(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
            let ([a, b, c, d], [p, q, r, s]) = (self.0, other.0);
            Quad([f(a, p), f(b, q), f(c, r), f(d, s)])
        }
    }

    impl Add for Quad {
        type Output = Self;
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            self.by_lane(other, |a, b| a + b)
        }
    }

    impl Sub for Quad {
        type Output = Self;
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            self.by_lane(other, |a, b| a - b)
        }
    }

    impl Mul for Quad {
        type Output = Self;
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            self.by_lane(other, |a, b| a * b)
        }
    }

    impl Lanes for Quad {
        const COUNT: usize = 4;

        #[inline(always)]
        fn splat(x: f64) -> Self {
            Quad([x; 4])
        }

        #[inline(always)]
        fn load(x: &[f64]) -> Self {
            Quad([x[0], x[1], x[2], x[3]])
        }

        #[inline(always)]
        fn store(self, x: &mut [f64]) {
            [x[0], x[1], x[2], x[3]] = self.0;
        }

        #[inline(always)]
        fn larger(self, other: Self) -> Self {
            self.by_lane(other, |a, b| if a > b { a } else { b })
        }

        #[inline(always)]
        fn scale(self, exponent: Self) -> Self {
            self.by_lane(exponent, |x, n| f64::from_bits(x.to_bits().wrapping_add(n.to_bits() << 52)))
        }

        #[inline(always)]
        fn sum([four, _]: [Self; 2]) -> f64 {
            let [a, b, c, d] = four.0;
            (a + c) + (b + d)
        }

        #[inline(always)]
        fn largest([four, _]: [Self; 2]) -> f64 {
            let [a, b, c, d] = four.0;
            let larger = |a: f64, b: f64| if a > b { a } else { b };
            larger(a, c).max(larger(b, d))
        }
    }
}
