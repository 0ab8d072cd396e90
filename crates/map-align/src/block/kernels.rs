//! The loops over one block, each compiled for two widths (see `super`).
//!
//! Products run over pairs of rows whatever the width: the order of their sums belongs to the result.

use super::exp::exp;
use super::lanes::Lanes;
use super::{Column, ROWS, padded};
use wide::f64x2;

/// score = Σ_k lambda_k z_k + log base over `rows` rows.
#[inline(always)]
pub(super) fn scores<V: Lanes>(
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
            ([a, b, c, d], [p, q, r, s]) => add::<V, _>(score, [a, b, c, d], [*p, *q, *r, *s], end),
            ([a, b, c], [p, q, r]) => add::<V, _>(score, [a, b, c], [*p, *q, *r], end),
            ([a, b], [p, q]) => add::<V, _>(score, [a, b], [*p, *q], end),
            ([a], [p]) => add::<V, _>(score, [a], [*p], end),
            _ => {}
        }
    }
    score[rows..end].fill(f64::NEG_INFINITY);
}

#[inline(always)]
fn add<V: Lanes, const N: usize>(score: &mut Column, z: [&Column; N], lambda: [f64; N], end: usize) {
    // A loop of known length needs no checks.
    if end == ROWS {
        add_to::<V, N>(score, z, lambda, ROWS);
    } else {
        add_to::<V, N>(score, z, lambda, end.min(ROWS));
    }
}

#[inline(always)]
fn add_to<V: Lanes, const N: usize>(score: &mut Column, z: [&Column; N], lambda: [f64; N], end: usize) {
    let lambda = splat::<V, N>(lambda);
    for q in 0..end / V::COUNT {
        let at = V::COUNT * q;
        let mut sum = V::load(&score[at..at + V::COUNT]);
        for (z, l) in z.iter().zip(lambda) {
            sum = sum + l * V::load(&z[at..at + V::COUNT]);
        }
        sum.store(&mut score[at..at + V::COUNT]);
    }
}

/// Each number in all lanes. A loop: what `map` calls would not be compiled for the width at hand.
#[inline(always)]
fn splat<V: Lanes, const N: usize>(x: [f64; N]) -> [V; N] {
    let mut all = [V::splat(0.0); N];
    for (lanes, x) in all.iter_mut().zip(x) {
        *lanes = V::splat(x);
    }
    all
}

/// Σ w·z.
#[inline(always)]
pub(super) fn first_moment<V: Lanes>(w: &Column, z: &Column, rows: usize) -> f64 {
    let end = padded(rows);
    let mut sums = [V::splat(0.0); 2];
    for (w, z) in w[..end].chunks_exact(4).zip(z[..end].chunks_exact(4)) {
        let halves = w.chunks_exact(V::COUNT).zip(z.chunks_exact(V::COUNT));
        for (sum, (w, z)) in sums.iter_mut().zip(halves) {
            *sum = *sum + V::load(w) * V::load(z);
        }
    }
    V::sum(sums)
}

/// score = exp(Σ_k lambda_k z_k + log base − shift) over a whole block; returns the sum. No score may exceed
/// the shift.
#[inline(always)]
pub(super) fn weights<V: Lanes>(
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
        scores::<V>(score, &z[first..], &lambda[first..], ROWS, log_base);
    }
    match (&z[..first], &lambda[..first], started) {
        ([a, b, c, d], [p, q, r, s], true) => {
            finish::<V, 4, true>(score, [a, b, c, d], [*p, *q, *r, *s], shift)
        }
        ([a, b, c, d], [p, q, r, s], false) => {
            finish::<V, 4, false>(score, [a, b, c, d], [*p, *q, *r, *s], shift)
        }
        ([a, b, c], [p, q, r], true) => finish::<V, 3, true>(score, [a, b, c], [*p, *q, *r], shift),
        ([a, b, c], [p, q, r], false) => finish::<V, 3, false>(score, [a, b, c], [*p, *q, *r], shift),
        ([a, b], [p, q], true) => finish::<V, 2, true>(score, [a, b], [*p, *q], shift),
        ([a, b], [p, q], false) => finish::<V, 2, false>(score, [a, b], [*p, *q], shift),
        ([a], [p], true) => finish::<V, 1, true>(score, [a], [*p], shift),
        ([a], [p], false) => finish::<V, 1, false>(score, [a], [*p], shift),
        (_, _, true) => finish::<V, 0, true>(score, [], [], shift),
        (_, _, false) => finish::<V, 0, false>(score, [], [], shift),
    }
}

#[inline(always)]
fn finish<V: Lanes, const N: usize, const STARTED: bool>(
    score: &mut Column,
    z: [&Column; N],
    lambda: [f64; N],
    shift: f64,
) -> f64 {
    let lambda = splat::<V, N>(lambda);
    let shift = V::splat(-shift);
    let mut sums = [V::splat(0.0); 2];
    for q in 0..ROWS / 4 {
        for (half, sum) in sums.iter_mut().enumerate().take(4 / V::COUNT) {
            let at = 4 * q + V::COUNT * half;
            let mut x = shift;
            if STARTED {
                x = x + V::load(&score[at..at + V::COUNT]);
            }
            for (z, l) in z.iter().zip(lambda) {
                x = x + l * V::load(&z[at..at + V::COUNT]);
            }
            let w = exp(x);
            *sum = *sum + w;
            w.store(&mut score[at..at + V::COUNT]);
        }
    }
    V::sum(sums)
}

/// Adds Σ w·z_k·z_l for l ≤ k to `second`, the packed lower triangle, row after row; and Σ w·z_k to `first`.
///
/// Columns are taken four at a time, so that every number that is read meets several products: a triangle for
/// each four among themselves, tiles of two by four for the rest.
#[inline(always)]
pub(super) fn moments(w: &Column, z: &[&Column], rows: usize, first: &mut [f64x2], second: &mut [f64x2]) {
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
#[inline(always)]
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
#[inline(always)]
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
#[inline(always)]
pub(super) fn largest<V: Lanes>(x: &[f64]) -> f64 {
    let mut tops = [V::splat(f64::NEG_INFINITY); 2];
    for x in x.chunks_exact(4) {
        for (top, x) in tops.iter_mut().zip(x.chunks_exact(V::COUNT)) {
            *top = top.larger(V::load(x));
        }
    }
    V::largest(tops)
}

/// x = exp(x − shift), x ≤ shift, for a length that is a multiple of 4; returns the sum.
#[inline(always)]
pub(super) fn exponentials<V: Lanes>(x: &mut [f64], shift: f64) -> f64 {
    let shift = V::splat(shift);
    let mut sums = [V::splat(0.0); 2];
    for x in x.chunks_exact_mut(4) {
        for (sum, x) in sums.iter_mut().zip(x.chunks_exact_mut(V::COUNT)) {
            let w = exp(V::load(x) - shift);
            *sum = *sum + w;
            w.store(x);
        }
    }
    V::sum(sums)
}
