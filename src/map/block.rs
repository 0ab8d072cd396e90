//! One block of rows in the first-level cache, and the loops over it, 128 bits at a time.
//!
//! A block holds up to [`ROWS`] rows of the columns in use, each column contiguous. The loops run over whole vectors; rows beyond the end hold
//! z = 0 and score −∞, so that they weigh nothing.

use wide::f64x2;

/// Rows of a block: with seven columns it fills 16 KiB, half of a usual first-level cache.
pub(super) const ROWS: usize = 256;

pub(super) type Column = [f64; ROWS];

/// Buffers for `columns` columns.
pub(super) struct Block {
    pub z: Vec<Column>,
    /// λ·z + log q, then exp of it less a shift.
    pub score: Column,
    weighted: Column,
}

impl Block {
    pub fn new(columns: usize) -> Self {
        Block { z: vec![[0.0; ROWS]; columns], score: [0.0; ROWS], weighted: [0.0; ROWS] }
    }

    /// Copies `source` (at most [`ROWS`] rows), less `centre`, into column `k`.
    #[inline]
    pub fn load(&mut self, k: usize, source: &[f64], centre: f64) {
        let column = &mut self.z[k];
        for (x, s) in column.iter_mut().zip(source) {
            *x = s - centre;
        }
        column[source.len()..padded(source.len())].fill(0.0);
    }

    /// score = Σ_k lambda_k z_k + log base over `rows` rows.
    #[inline]
    pub fn scores(&mut self, lambda: &[f64], rows: usize, log_base: Option<&[f64]>) {
        match log_base {
            Some(log) => self.score[..rows].copy_from_slice(log),
            None => self.score[..rows].fill(0.0),
        }
        let end = padded(rows);
        for (column, &l) in self.z.iter().zip(lambda) {
            if l == 0.0 {
                continue;
            }
            let l = f64x2::splat(l);
            for (s, z) in self.score[..end].chunks_exact_mut(4).zip(column[..end].chunks_exact(4)) {
                let a = f64x2::from([s[0], s[1]]) + l * f64x2::from([z[0], z[1]]);
                let b = f64x2::from([s[2], s[3]]) + l * f64x2::from([z[2], z[3]]);
                s[..2].copy_from_slice(&a.to_array());
                s[2..].copy_from_slice(&b.to_array());
            }
        }
        self.score[rows..end].fill(f64::NEG_INFINITY);
    }

    /// The largest score.
    #[inline]
    pub fn largest(&self, rows: usize) -> f64 {
        largest(&self.score[..padded(rows)])
    }

    /// score = exp(score − shift); returns their sum.
    #[inline]
    pub fn exponentials(&mut self, rows: usize, shift: f64) -> f64 {
        exponentials(&mut self.score[..padded(rows)], shift)
    }

    /// Σ score·z_k.
    #[inline]
    pub fn first_moment(&self, k: usize, rows: usize) -> f64 {
        let end = padded(rows);
        let mut sums = [f64x2::ZERO; 2];
        for (w, z) in self.score[..end].chunks_exact(4).zip(self.z[k][..end].chunks_exact(4)) {
            sums[0] += f64x2::from([w[0], w[1]]) * f64x2::from([z[0], z[1]]);
            sums[1] += f64x2::from([w[2], w[3]]) * f64x2::from([z[2], z[3]]);
        }
        (sums[0] + sums[1]).reduce_add()
    }

    /// z_k −= centre_k.
    #[inline]
    pub fn centre(&mut self, k: usize, centre: f64, rows: usize) {
        let c = f64x2::splat(centre);
        for z in self.z[k][..padded(rows)].chunks_exact_mut(2) {
            z.copy_from_slice(&(f64x2::from([z[0], z[1]]) - c).to_array());
        }
    }

    /// Adds Σ score·z_k·z_l for l ≤ k to `second`, the packed lower triangle, row after row; and Σ score·z_k to `first`.
    #[inline]
    pub fn moments(&mut self, rows: usize, first: &mut [f64x2], second: &mut [f64x2]) {
        let end = padded(rows);
        let mut at = 0;
        for k in 0..self.z.len() {
            let mut sum = first[k];
            for ((x, w), z) in
                self.weighted[..end].chunks_exact_mut(2).zip(self.score[..end].chunks_exact(2)).zip(self.z[k][..end].chunks_exact(2))
            {
                let product = f64x2::from([w[0], w[1]]) * f64x2::from([z[0], z[1]]);
                sum += product;
                x.copy_from_slice(&product.to_array());
            }
            first[k] = sum;
            let row = &mut second[at..=at + k];
            let mut l = 0;
            while l + 4 <= k + 1 {
                products::<4>(&self.weighted[..end], [&self.z[l], &self.z[l + 1], &self.z[l + 2], &self.z[l + 3]], &mut row[l..l + 4]);
                l += 4;
            }
            match k + 1 - l {
                1 => products::<1>(&self.weighted[..end], [&self.z[l]], &mut row[l..]),
                2 => products::<2>(&self.weighted[..end], [&self.z[l], &self.z[l + 1]], &mut row[l..]),
                3 => products::<3>(&self.weighted[..end], [&self.z[l], &self.z[l + 1], &self.z[l + 2]], &mut row[l..]),
                _ => {}
            }
            at += k + 1;
        }
    }
}

/// Adds Σ w·z of several columns at once: `w` is read once for all of them.
#[inline]
fn products<const N: usize>(w: &[f64], z: [&Column; N], into: &mut [f64x2]) {
    let z = z.map(|z| &z[..w.len()]);
    let mut sums = [[f64x2::ZERO; 2]; N];
    for at in (0..w.len()).step_by(4) {
        let (a, b) = (f64x2::from([w[at], w[at + 1]]), f64x2::from([w[at + 2], w[at + 3]]));
        for (sum, z) in sums.iter_mut().zip(&z) {
            sum[0] += a * f64x2::from([z[at], z[at + 1]]);
            sum[1] += b * f64x2::from([z[at + 2], z[at + 3]]);
        }
    }
    for (into, [a, b]) in into.iter_mut().zip(sums) {
        *into += a + b;
    }
}

/// Rows rounded up to whole steps of the loops.
fn padded(rows: usize) -> usize {
    rows.next_multiple_of(4).min(ROWS)
}

/// The largest of `x`, whose length is a multiple of 4.
#[inline]
pub(super) fn largest(x: &[f64]) -> f64 {
    let mut top = [f64x2::splat(f64::NEG_INFINITY); 2];
    for x in x.chunks_exact(4) {
        top[0] = top[0].fast_max(f64x2::from([x[0], x[1]]));
        top[1] = top[1].fast_max(f64x2::from([x[2], x[3]]));
    }
    let [a, b] = top[0].fast_max(top[1]).to_array();
    a.max(b)
}

/// x = exp(x − shift), x ≤ shift, for a length that is a multiple of 4; returns the sum. The exponential is `wide`'s (a polynomial of degree 13
/// after reduction by powers of two); its relative error stays below 4e-16 (tested), and below −708 it gives 0.
#[inline]
pub(super) fn exponentials(x: &mut [f64], shift: f64) -> f64 {
    let shift = f64x2::splat(shift);
    let mut sums = [f64x2::ZERO; 2];
    for x in x.chunks_exact_mut(4) {
        let a = (f64x2::from([x[0], x[1]]) - shift).exp();
        let b = (f64x2::from([x[2], x[3]]) - shift).exp();
        sums[0] += a;
        sums[1] += b;
        x[..2].copy_from_slice(&a.to_array());
        x[2..].copy_from_slice(&b.to_array());
    }
    (sums[0] + sums[1]).reduce_add()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(worst < 4e-16, "relative error {worst:e}");
        let mut low = [-1e5, f64::NEG_INFINITY, -709.0, 0.0];
        assert_eq!(exponentials(&mut low, 0.0), 1.0);
    }

    #[test]
    fn moments_agree_with_plain_sums() {
        for rows in [1, 3, 4, 17, 255, 256] {
            let columns = 7;
            let mut block = Block::new(columns);
            let x = |k: usize, j: usize| ((k * 31 + j * 17) as f64 * 0.7).sin();
            for k in 0..columns {
                let source: Vec<f64> = (0..rows).map(|j| x(k, j)).collect();
                block.load(k, &source, 0.25);
            }
            let lambda: Vec<f64> = (0..columns).map(|k| k as f64 * 0.3 - 1.0).collect();
            block.scores(&lambda, rows, None);
            let shift = block.largest(rows);
            block.exponentials(rows, shift);
            let (mut first, mut second) = (vec![f64x2::ZERO; columns], vec![f64x2::ZERO; columns * (columns + 1) / 2]);
            block.moments(rows, &mut first, &mut second);
            let weight = |j: usize| ((0..columns).map(|k| lambda[k] * (x(k, j) - 0.25)).sum::<f64>() - shift).exp();
            let mut at = 0;
            for (k, first) in first.iter().enumerate() {
                let expected: f64 = (0..rows).map(|j| weight(j) * (x(k, j) - 0.25)).sum();
                assert!((first.reduce_add() - expected).abs() < 1e-12);
                for l in 0..=k {
                    let expected: f64 = (0..rows).map(|j| weight(j) * (x(k, j) - 0.25) * (x(l, j) - 0.25)).sum();
                    assert!((second[at].reduce_add() - expected).abs() < 1e-12, "{rows} rows, {k} {l}");
                    at += 1;
                }
            }
        }
    }
}
