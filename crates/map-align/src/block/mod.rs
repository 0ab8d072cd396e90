//! One block of rows in the first-level cache, and the loops over it.
//!
//! A block holds up to [`ROWS`] rows of the columns in use, each column contiguous. The loops (`kernels`) run
//! over whole vectors; rows beyond the end hold z = 0 and score −∞, so that they weigh nothing.

mod exp;
mod kernels;
mod lanes;
#[cfg(target_arch = "x86_64")]
mod quad;

use lanes::Lanes;
#[cfg(target_arch = "x86_64")]
use quad::Quad;
use wide::f64x2;

/// Rows of a block: with seven columns it fills 16 KiB, half of a usual first-level cache.
pub(super) const ROWS: usize = 256;

pub(super) type Column = [f64; ROWS];

/// Copies of the columns of one block, for what cannot be read in place: the last rows, small groups, and
/// columns less a centre.
pub(super) struct Copies {
    pub z: Vec<Column>,
}

impl Copies {
    pub(crate) fn new(columns: usize) -> Self {
        Copies { z: vec![[0.0; ROWS]; columns] }
    }

    /// Copies `source` (at most [`ROWS`] rows), less `centre`, into column `k`.
    #[inline]
    pub(crate) fn load(&mut self, k: usize, source: &[f64], centre: f64) {
        let column = &mut self.z[k];
        for (x, s) in column.iter_mut().zip(source) {
            *x = s - centre;
        }
        column[source.len()..padded(source.len())].fill(0.0);
    }

    /// z_k −= centre_k.
    #[inline]
    pub(crate) fn centre(&mut self, k: usize, centre: f64, rows: usize) {
        self.z[k][..padded(rows)].iter_mut().for_each(|z| *z -= centre);
    }
}

/// The columns of one block of `rows` rows from `start`: read in place where the block is full, else copied.
#[inline]
pub(super) fn in_place<'a>(
    source: &[&'a [f64]],
    start: usize,
    rows: usize,
    copies: &'a mut Copies,
) -> Vec<&'a Column> {
    if rows == ROWS {
        let full =
            source.iter().map(|s| s[start..start + ROWS].try_into().ok()).collect::<Option<Vec<&Column>>>();
        if let Some(full) = full {
            return full;
        }
    }
    for (k, source) in source.iter().enumerate() {
        copies.load(k, &source[start..start + rows], 0.0);
    }
    copies.z.iter().take(source.len()).collect()
}

/// Rows rounded up to whole steps of the loops.
pub(super) fn padded(rows: usize) -> usize {
    rows.next_multiple_of(4).min(ROWS)
}

/// Loops that are compiled twice on x86-64, with 128 and with 256 bits; the processor at hand decides.
/// Neither copy fuses products and sums, so both give the same bits.
macro_rules! by_width {
    ($(
        $(#[$doc:meta])*
        fn $name:ident<$lanes:ident>($($arg:ident: $type:ty),*) $(-> $out:ty)? = $loop:expr;
    )*) => {$(
        $(#[$doc])*
        #[inline]
        #[allow(unsafe_code, reason = "the call of what is compiled for a processor that was asked for")]
        pub(super) fn $name($($arg: $type),*) $(-> $out)? {
            #[inline(always)]
            fn generic<$lanes: Lanes>($($arg: $type),*) $(-> $out)? {
                $loop($($arg),*)
            }
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn wide($($arg: $type),*) $(-> $out)? {
                    generic::<Quad>($($arg),*)
                }
                if is_x86_feature_detected!("avx2") {
                    // SAFETY: this processor has AVX2.
                    return unsafe { wide($($arg),*) };
                }
            }
            generic::<f64x2>($($arg),*)
        }
    )*};
}

by_width! {
    /// score = Σ_k lambda_k z_k + log base over `rows` rows.
    fn scores<V>(score: &mut Column, z: &[&Column], lambda: &[f64], rows: usize, log_base: Option<&[f64]>) =
        kernels::scores::<V>;

    /// score = exp(Σ_k lambda_k z_k + log base − shift) over a whole block; returns the sum. No score may
    /// exceed the shift.
    fn weights<V>(
        score: &mut Column, z: &[&Column], lambda: &[f64], log_base: Option<&[f64]>, shift: f64
    ) -> f64 = kernels::weights::<V>;

    /// x = exp(x − shift), x ≤ shift, for a length that is a multiple of 4; returns the sum.
    fn exponentials<V>(x: &mut [f64], shift: f64) -> f64 = kernels::exponentials::<V>;

    /// The largest of `x`, whose length is a multiple of 4.
    fn largest<V>(x: &[f64]) -> f64 = kernels::largest::<V>;

    /// Σ w·z.
    fn first_moment<V>(w: &Column, z: &Column, rows: usize) -> f64 = kernels::first_moment::<V>;

    /// Adds Σ w·z_k·z_l for l ≤ k to `second`, the packed lower triangle, row after row; and Σ w·z_k to
    /// `first`.
    fn moments<V>(w: &Column, z: &[&Column], rows: usize, first: &mut [f64x2], second: &mut [f64x2]) =
        kernels::moments;
}

#[cfg(test)]
mod tests {
    use crate::block::*;
    use wide::f64x2;

    #[test]
    fn the_exponential_is_as_exact_as_stated() {
        let mut worst = 0.0f64;
        for step in 0..2_000_000 {
            let x = -700.0 * (step as f64 / 2e6).powi(3);
            let mut lanes = [x, x * 0.999, x * 1.01, -1e-9 * step as f64];
            let exact = lanes.map(f64::exp);
            exponentials(&mut lanes, 0.0);
            for (a, b) in lanes.iter().zip(exact) {
                worst = worst.max((a / b - 1.0).abs());
            }
        }
        assert!(worst < 5e-16, "relative error {worst:e}");
        let mut low = [-1e5, f64::NEG_INFINITY, -709.0, 0.0];
        assert_eq!(exponentials(&mut low, 0.0), 1.0);
        assert!(low[..3].iter().all(|x| *x < 1e-300));
    }

    #[test]
    fn moments_agree_with_plain_sums() {
        for (rows, columns) in
            [(1, 7), (3, 6), (4, 5), (17, 4), (255, 3), (256, 7), (256, 8), (64, 9), (256, 2), (256, 1)]
        {
            let x = |k: usize, j: usize| ((k * 31 + j * 17) as f64 * 0.7).sin();
            let mut copies = Copies::new(columns);
            for k in 0..columns {
                let source: Vec<f64> = (0..rows).map(|j| x(k, j)).collect();
                copies.load(k, &source, 0.25);
            }
            let z: Vec<&Column> = copies.z.iter().collect();
            let lambda: Vec<f64> = (0..columns).map(|k| k as f64 * 0.3 - 1.0).collect();
            let mut w = [0.0; ROWS];
            scores(&mut w, &z, &lambda, rows, None);
            let shift = largest(&w[..padded(rows)]);
            let sum = exponentials(&mut w[..padded(rows)], shift);
            if rows == ROWS {
                let mut again = [0.0; ROWS];
                assert!((weights(&mut again, &z, &lambda, None, shift) - sum).abs() < 1e-12 * sum);
                assert!(again.iter().zip(&w).all(|(a, b)| (a - b).abs() < 1e-15));
                let logs: Vec<f64> = (0..rows).map(|j| -((j % 5) as f64)).collect();
                weights(&mut again, &z, &lambda, Some(&logs), shift);
                assert!(again.iter().zip(&w).zip(&logs).all(|((a, b), l)| (a - b * l.exp()).abs() < 1e-15));
            }
            let (mut first, mut second) =
                (vec![f64x2::ZERO; columns], vec![f64x2::ZERO; columns * (columns + 1) / 2]);
            moments(&w, &z, rows, &mut first, &mut second);
            assert!((first_moment(&w, z[columns - 1], rows) - first[columns - 1].reduce_add()).abs() < 1e-12);
            let weight =
                |j: usize| ((0..columns).map(|k| lambda[k] * (x(k, j) - 0.25)).sum::<f64>() - shift).exp();
            let mut at = 0;
            for (k, first) in first.iter().enumerate() {
                let expected: f64 = (0..rows).map(|j| weight(j) * (x(k, j) - 0.25)).sum();
                assert!((first.reduce_add() - expected).abs() < 1e-12);
                for l in 0..=k {
                    let expected: f64 =
                        (0..rows).map(|j| weight(j) * (x(k, j) - 0.25) * (x(l, j) - 0.25)).sum();
                    assert!((second[at].reduce_add() - expected).abs() < 1e-12, "{rows} rows, {k} {l}");
                    at += 1;
                }
            }
        }
    }

    #[test]
    fn both_widths_give_the_same_bits() {
        let bits = |x: &[f64]| x.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
        for (rows, columns) in [(ROWS, 7), (ROWS, 4), (ROWS, 1), (17, 6), (4, 3), (1, 2)] {
            let mut copies = Copies::new(columns);
            for k in 0..columns {
                let source: Vec<f64> = (0..rows).map(|j| ((k * 31 + j * 17) as f64 * 0.7).sin()).collect();
                copies.load(k, &source, 0.1);
            }
            let z: Vec<&Column> = copies.z.iter().collect();
            let lambda: Vec<f64> = (0..columns).map(|k| 40.0 * (k as f64 * 1.3).cos()).collect();
            let logs: Vec<f64> = (0..rows).map(|j| -((j % 5) as f64)).collect();
            for log_base in [None, Some(logs.as_slice())] {
                let (mut one, mut two) = ([0.0; ROWS], [0.0; ROWS]);
                scores(&mut one, &z, &lambda, rows, log_base);
                kernels::scores::<f64x2>(&mut two, &z, &lambda, rows, log_base);
                assert_eq!(bits(&one), bits(&two));
                let used = padded(rows);
                let shift = largest(&one[..used]);
                assert_eq!(shift.to_bits(), kernels::largest::<f64x2>(&two[..used]).to_bits());
                let sum = exponentials(&mut one[..used], shift);
                assert_eq!(sum.to_bits(), kernels::exponentials::<f64x2>(&mut two[..used], shift).to_bits());
                assert_eq!(bits(&one), bits(&two));
                let mean = first_moment(&one, z[0], rows);
                assert_eq!(mean.to_bits(), kernels::first_moment::<f64x2>(&two, z[0], rows).to_bits());
                if rows == ROWS {
                    let sum = weights(&mut one, &z, &lambda, log_base, shift);
                    let narrow = kernels::weights::<f64x2>(&mut two, &z, &lambda, log_base, shift);
                    assert_eq!((sum.to_bits(), bits(&one)), (narrow.to_bits(), bits(&two)));
                }
            }
        }
    }
}
