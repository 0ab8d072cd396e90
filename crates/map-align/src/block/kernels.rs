//! The loops over one block, 128 bits at a time.

use super::exp::exp;
use super::{Column, ROWS, padded};
use wide::f64x2;

/// score = Σ_k lambda_k z_k + log base over `rows` rows.
#[inline]
pub(crate) fn scores(
    score: &mut Column,
    z: &[&Column],
    lambda: &[f64],
    rows: usize,
    log_base: Option<&[f64]>,
) {
    let end = padded(rows);
    match log_base {
        Some(log) => {
            score[..rows].copy_from_slice(log);
            score[rows..end].fill(0.0);
        }
        None => score[..end].fill(0.0),
    }
    // Up to four columns at a time: the scores are read and written a quarter as often.
    for (z, l) in z.chunks(4).zip(lambda.chunks(4)) {
        match (z, l) {
            ([a, b, c, d], [p, q, r, s]) => add(score, [a, b, c, d], [*p, *q, *r, *s], end),
            ([a, b, c], [p, q, r]) => add(score, [a, b, c], [*p, *q, *r], end),
            ([a, b], [p, q]) => add(score, [a, b], [*p, *q], end),
            ([a], [p]) => add(score, [a], [*p], end),
            _ => {}
        }
    }
    score[rows..end].fill(f64::NEG_INFINITY);
}

#[inline]
fn add<const N: usize>(score: &mut Column, z: [&Column; N], lambda: [f64; N], end: usize) {
    // A loop of known length needs no checks.
    if end == ROWS { add_to(score, z, lambda, ROWS) } else { add_to(score, z, lambda, end.min(ROWS)) }
}

#[inline(always)]
fn add_to<const N: usize>(score: &mut Column, z: [&Column; N], lambda: [f64; N], end: usize) {
    let lambda = lambda.map(f64x2::splat);
    for q in 0..end / 2 {
        let two = |x: &Column| f64x2::from([x[2 * q], x[2 * q + 1]]);
        let mut sum = two(score);
        for (z, l) in z.iter().zip(lambda) {
            sum += l * two(z);
        }
        [score[2 * q], score[2 * q + 1]] = sum.to_array();
    }
}

/// Σ w·z.
#[inline]
pub(crate) fn first_moment(w: &Column, z: &Column, rows: usize) -> f64 {
    let end = padded(rows);
    let mut sums = [f64x2::ZERO; 2];
    for (w, z) in w[..end].chunks_exact(4).zip(z[..end].chunks_exact(4)) {
        sums[0] += f64x2::from([w[0], w[1]]) * f64x2::from([z[0], z[1]]);
        sums[1] += f64x2::from([w[2], w[3]]) * f64x2::from([z[2], z[3]]);
    }
    (sums[0] + sums[1]).reduce_add()
}

/// score = exp(Σ_k lambda_k z_k + log base − shift) over a whole block; returns the sum. No score may exceed
/// the shift.
#[inline]
pub(crate) fn weights(
    score: &mut Column,
    z: &[&Column],
    lambda: &[f64],
    log_base: Option<&[f64]>,
    shift: f64,
) -> f64 {
    let first = z.len().min(4);
    let started = log_base.is_some() || z.len() > first;
    if started {
        // The first four columns join on the way to the exponential.
        scores(score, &z[first..], &lambda[first..], ROWS, log_base);
    }
    match (&z[..first], &lambda[..first], started) {
        ([a, b, c, d], [p, q, r, s], true) => finish::<4, true>(score, [a, b, c, d], [*p, *q, *r, *s], shift),
        ([a, b, c, d], [p, q, r, s], false) => {
            finish::<4, false>(score, [a, b, c, d], [*p, *q, *r, *s], shift)
        }
        ([a, b, c], [p, q, r], true) => finish::<3, true>(score, [a, b, c], [*p, *q, *r], shift),
        ([a, b, c], [p, q, r], false) => finish::<3, false>(score, [a, b, c], [*p, *q, *r], shift),
        ([a, b], [p, q], true) => finish::<2, true>(score, [a, b], [*p, *q], shift),
        ([a, b], [p, q], false) => finish::<2, false>(score, [a, b], [*p, *q], shift),
        ([a], [p], true) => finish::<1, true>(score, [a], [*p], shift),
        ([a], [p], false) => finish::<1, false>(score, [a], [*p], shift),
        (_, _, true) => finish::<0, true>(score, [], [], shift),
        (_, _, false) => finish::<0, false>(score, [], [], shift),
    }
}

#[inline(always)]
fn finish<const N: usize, const STARTED: bool>(
    score: &mut Column,
    z: [&Column; N],
    lambda: [f64; N],
    shift: f64,
) -> f64 {
    let lambda = lambda.map(f64x2::splat);
    let shift = f64x2::splat(-shift);
    let mut sums = [f64x2::ZERO; 2];
    for q in 0..ROWS / 4 {
        for (half, sum) in sums.iter_mut().enumerate() {
            let at = 4 * q + 2 * half;
            let two = |x: &Column| f64x2::from([x[at], x[at + 1]]);
            let mut x = shift;
            if STARTED {
                x += two(score);
            }
            for (z, l) in z.iter().zip(lambda) {
                x += l * two(z);
            }
            let w = exp(x);
            *sum += w;
            [score[at], score[at + 1]] = w.to_array();
        }
    }
    (sums[0] + sums[1]).reduce_add()
}

/// Adds Σ w·z_k·z_l for l ≤ k to `second`, the packed lower triangle, row after row; and Σ w·z_k to `first`.
///
/// Columns are taken four at a time, so that every number that is read meets several products: a triangle for
/// each four among themselves, tiles of two by four for the rest.
#[inline]
pub(crate) fn moments(w: &Column, z: &[&Column], rows: usize, first: &mut [f64x2], second: &mut [f64x2]) {
    let end = padded(rows);
    let row = |k: usize| k * (k + 1) / 2;
    let mut from = 0;
    for block in z.chunks(4) {
        let n = block.len();
        let (products, totals) = match block {
            [a, b, c, d] => triangle(w, [a, b, c, d], end),
            [a, b, c] => triangle(w, [a, b, c], end),
            [a, b] => triangle(w, [a, b], end),
            [a] => triangle(w, [a], end),
            _ => return,
        };
        for i in 0..n {
            first[from + i] += totals[i];
            for j in 0..=i {
                second[row(from + i) + from + j] += products[i][j];
            }
        }
        for i in (0..n).step_by(2) {
            let two = (n - i).min(2);
            for l in (0..from).step_by(4) {
                let b = [z[l], z[l + 1], z[l + 2], z[l + 3]];
                let sums = if two == 2 {
                    tile(w, [block[i], block[i + 1]], b, end)
                } else {
                    tile(w, [block[i], block[i]], b, end)
                };
                for (r, sums) in sums.iter().enumerate().take(two) {
                    for (j, sum) in sums.iter().enumerate() {
                        second[row(from + i + r) + l + j] += *sum;
                    }
                }
            }
        }
        from += n;
    }
}

/// Σ w·z_i·z_j for j ≤ i, and Σ w·z_i.
#[inline]
fn triangle<const N: usize>(w: &Column, z: [&Column; N], end: usize) -> ([[f64x2; 4]; 4], [f64x2; 4]) {
    // A loop of known length needs no checks.
    if end == ROWS { triangle_of(w, z, ROWS) } else { triangle_of(w, z, end.min(ROWS)) }
}

#[inline(always)]
fn triangle_of<const N: usize>(w: &Column, z: [&Column; N], end: usize) -> ([[f64x2; 4]; 4], [f64x2; 4]) {
    let mut products = [[f64x2::ZERO; 4]; 4];
    let mut totals = [f64x2::ZERO; 4];
    for q in 0..end / 2 {
        let two = |x: &Column| f64x2::from([x[2 * q], x[2 * q + 1]]);
        let weight = two(w);
        let z = z.map(two);
        for i in 0..N {
            let weighted = weight * z[i];
            totals[i] += weighted;
            for j in 0..=i {
                products[i][j] += weighted * z[j];
            }
        }
    }
    (products, totals)
}

/// Σ w·a_i·b_j.
#[inline]
fn tile(w: &Column, a: [&Column; 2], b: [&Column; 4], end: usize) -> [[f64x2; 4]; 2] {
    if end == ROWS { tile_of(w, a, b, ROWS) } else { tile_of(w, a, b, end.min(ROWS)) }
}

#[inline(always)]
fn tile_of(w: &Column, a: [&Column; 2], b: [&Column; 4], end: usize) -> [[f64x2; 4]; 2] {
    let mut sums = [[f64x2::ZERO; 4]; 2];
    for q in 0..end / 2 {
        let two = |x: &Column| f64x2::from([x[2 * q], x[2 * q + 1]]);
        let weight = two(w);
        let weighted = a.map(|a| weight * two(a));
        for (j, b) in b.iter().enumerate() {
            let b = two(b);
            for i in 0..2 {
                sums[i][j] += weighted[i] * b;
            }
        }
    }
    sums
}

/// The largest of `x`, whose length is a multiple of 4.
#[inline]
pub(crate) fn largest(x: &[f64]) -> f64 {
    let mut top = [f64x2::splat(f64::NEG_INFINITY); 2];
    for x in x.chunks_exact(4) {
        top[0] = top[0].fast_max(f64x2::from([x[0], x[1]]));
        top[1] = top[1].fast_max(f64x2::from([x[2], x[3]]));
    }
    let [a, b] = top[0].fast_max(top[1]).to_array();
    a.max(b)
}

/// x = exp(x − shift), x ≤ shift, for a length that is a multiple of 4; returns the sum.
#[inline]
pub(crate) fn exponentials(x: &mut [f64], shift: f64) -> f64 {
    let shift = f64x2::splat(shift);
    let mut sums = [f64x2::ZERO; 2];
    for x in x.chunks_exact_mut(4) {
        let a = exp(f64x2::from([x[0], x[1]]) - shift);
        let b = exp(f64x2::from([x[2], x[3]]) - shift);
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
    use crate::block::Copies;

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
}
