//! The concave dual g(λ) = λ·c − Σ_g π_g log Σ_j q_gj exp(λ·z_gj) and its derivatives, in standardised units,
//! in one pass over the rows.

use super::block::{self, Column, Copies, ROWS, in_place, padded};
use super::point::Point;
use super::problem::Problem;
use ndarray::Array2;
use wide::f64x2;

/// The log partition function and its gradient in `columns`, and its Hessian in the first `curved` of them,
/// at `lambda` (of the first columns; the others have λ = 0; at least `curved` long), in one pass.
///
/// A group that fits into one block is centred at its own mean before products are taken: E[zz'] − E[z]E[z]'
/// would lose everything where the weights are nearly on one answer. A larger one is centred at `centre` (one
/// level per column): levels of a point nearby come to the same.
pub(super) fn point(
    problem: &Problem,
    columns: &[usize],
    curved: usize,
    lambda: &[f64],
    centre: Option<&[f64]>,
) -> Point {
    let (all, k) = (columns.len(), curved);
    let triangle = k * (k + 1) / 2;
    let mut copies = Copies::new(all);
    let mut score = [0.0; ROWS];
    let source: Vec<&[f64]> = columns.iter().map(|&i| problem.column(i)).collect();
    let scored = lambda.len();
    let mut log_partition = 0.0;
    let mut realised = vec![0.0; all];
    let mut total = vec![f64x2::ZERO; triangle];
    let mut rest = vec![0.0; triangle];
    let (mut first, mut second) = (vec![f64x2::ZERO; all], vec![f64x2::ZERO; triangle]);
    for (group, &pi) in problem.groups.iter().zip(&problem.group_weight) {
        let size = group.len();
        let logs = |rows: std::ops::Range<usize>| problem.log_base.as_ref().map(|log| &log[rows]);
        // A uniform q adds the same to every score.
        let uniform = if problem.log_base.is_none() { (size as f64).ln() } else { 0.0 };
        if size <= ROWS {
            for (k, source) in source.iter().enumerate() {
                copies.load(k, &source[group.clone()], 0.0);
            }
            let z: Vec<&Column> = copies.z.iter().collect();
            block::scores(&mut score, &z[..scored], lambda, size, logs(group.clone()));
            let shift = block::largest(&score[..padded(size)]);
            let sum = block::exponentials(&mut score[..padded(size)], shift);
            log_partition += pi * (shift + sum.ln() - uniform);
            for (i, realised) in realised.iter_mut().enumerate() {
                let mean = block::first_moment(&score, &copies.z[i], size) / sum;
                *realised += pi * mean;
                if i < k {
                    // Rows beyond the end are no longer 0 then, but their weight is.
                    copies.centre(i, mean, size);
                }
            }
            let z: Vec<&Column> = copies.z[..k].iter().collect();
            second.fill(f64x2::ZERO);
            block::moments(&score, &z, size, &mut first, &mut second);
            let scale = f64x2::splat(pi / sum);
            total.iter_mut().zip(&second).for_each(|(t, s)| *t += scale * *s);
            continue;
        }
        first.fill(f64x2::ZERO);
        second.fill(f64x2::ZERO);
        let mut beyond = vec![0.0; all - k];
        // Where a bound of all scores is known, and no score lies too far below it for floating point, it
        // serves as the shift from the start.
        let known = highest_score(problem, &columns[..scored], lambda, centre);
        let (mut shift, mut sum) = (known.unwrap_or(f64::NEG_INFINITY), 0.0);
        for start in group.clone().step_by(ROWS) {
            let rows = start..(start + ROWS).min(group.end);
            let count = rows.len();
            let z: Vec<&Column> = match centre {
                None => in_place(&source, start, count, &mut copies),
                Some(centre) => {
                    for (k, source) in source.iter().enumerate() {
                        copies.load(k, &source[rows.clone()], centre[k]);
                    }
                    copies.z.iter().collect()
                }
            };
            if known.is_some() && count == ROWS {
                sum += block::weights(&mut score, &z[..scored], lambda, logs(rows), shift);
            } else {
                block::scores(&mut score, &z[..scored], lambda, count, logs(rows));
                let top = block::largest(&score[..padded(count)]);
                if known.is_none() && top > shift {
                    // What was summed so far was relative to a smaller maximum.
                    let factor = (shift - top).exp();
                    sum *= factor;
                    first.iter_mut().chain(&mut second).for_each(|s| *s *= f64x2::splat(factor));
                    beyond.iter_mut().for_each(|s| *s *= factor);
                    shift = top;
                }
                sum += block::exponentials(&mut score[..padded(count)], shift);
            }
            block::moments(&score, &z[..k], count, &mut first, &mut second);
            for (total, z) in beyond.iter_mut().zip(&z[k..]) {
                *total += block::first_moment(&score, z, count);
            }
        }
        let at = |i: usize| centre.map_or(0.0, |c| c[i]);
        let shifted: f64 = lambda.iter().enumerate().map(|(i, l)| l * at(i)).sum();
        log_partition += pi * (shift + shifted + sum.ln() - uniform);
        let mean: Vec<f64> =
            first[..k].iter().map(|s| s.reduce_add() / sum).chain(beyond.iter().map(|s| s / sum)).collect();
        let mut place = 0;
        for i in 0..all {
            realised[i] += pi * (at(i) + mean[i]);
            for j in 0..=i {
                if i < k {
                    rest[place] += pi * (second[place].reduce_add() / sum - mean[i] * mean[j]);
                    place += 1;
                }
            }
        }
    }
    let mut covariance = Array2::<f64>::zeros((k, k));
    let mut at = 0;
    for i in 0..k {
        for j in 0..=i {
            covariance[[i, j]] = total[at].reduce_add() + rest[at];
            covariance[[j, i]] = covariance[[i, j]];
            at += 1;
        }
    }
    Point { log_partition, realised, covariance }
}

/// The dual at λ = 0 over some columns. It belongs to the table like means and deviations, and is kept with
/// it.
pub(super) fn at_base(problem: &Problem, columns: &[usize]) -> Point {
    let all = problem.at_base.get_or_init(|| {
        let m = problem.values();
        let columns: Vec<usize> = (0..m).collect();
        point(problem, &columns, m, &vec![0.0; m], None)
    });
    Point {
        log_partition: all.log_partition,
        realised: columns.iter().map(|&i| all.realised[i]).collect(),
        covariance: Array2::from_shape_fn((columns.len(), columns.len()), |(a, b)| {
            all.covariance[[columns[a], columns[b]]]
        }),
    }
}

/// An upper bound of λ·(z − centre) + log q over the rows of the only group, if it is within reach of
/// floating point from the largest score.
fn highest_score(
    problem: &Problem,
    columns: &[usize],
    lambda: &[f64],
    centre: Option<&[f64]>,
) -> Option<f64> {
    /// e to the minus this is still a normal number, with room for sums of products.
    const FURTHEST: f64 = 500.0;
    if problem.groups.len() > 1 || problem.log_base.is_some() {
        return None;
    }
    let (mut bound, mut mean) = (0.0, 0.0);
    for (k, (&i, &l)) in columns.iter().zip(lambda).enumerate() {
        let [low, high] = problem.extremes(i);
        let centre = centre.map_or(0.0, |c| c[k]);
        bound += l * (if l > 0.0 { high } else { low } - centre);
        // The largest score is at least the mean one.
        mean += l * (problem.base[i] - centre);
    }
    (bound - mean < FURTHEST).then_some(bound)
}

/// The log partition function alone.
pub(super) fn log_partition(problem: &Problem, columns: &[usize], lambda: &[f64]) -> f64 {
    let mut copies = Copies::new(columns.len());
    let mut score = [0.0; ROWS];
    let source: Vec<&[f64]> = columns.iter().map(|&i| problem.column(i)).collect();
    let mut total = 0.0;
    for (group, &pi) in problem.groups.iter().zip(&problem.group_weight) {
        let (mut shift, mut sum) = (f64::NEG_INFINITY, 0.0);
        for start in group.clone().step_by(ROWS) {
            let rows = start..(start + ROWS).min(group.end);
            let count = rows.len();
            let z = in_place(&source, start, count, &mut copies);
            block::scores(&mut score, &z, lambda, count, problem.log_base.as_ref().map(|log| &log[rows]));
            let top = block::largest(&score[..padded(count)]);
            if top > shift {
                sum *= (shift - top).exp();
                shift = top;
            }
            sum += block::exponentials(&mut score[..padded(count)], shift);
        }
        let uniform = if problem.log_base.is_none() { (group.len() as f64).ln() } else { 0.0 };
        total += pi * (shift + sum.ln() - uniform);
    }
    total
}

/// Assessment probabilities w_gj ∝ q_gj exp(λ·z_gj), summing to 1 in each group, for `lambda` of every column.
pub(super) fn weights(problem: &Problem, lambda: &[f64]) -> Vec<f64> {
    let mut w = vec![0.0; problem.rows()];
    let columns: Vec<usize> = (0..problem.values()).filter(|&i| lambda[i] != 0.0).collect();
    let used: Vec<f64> = columns.iter().map(|&i| lambda[i]).collect();
    let source: Vec<&[f64]> = columns.iter().map(|&i| problem.column(i)).collect();
    let mut copies = Copies::new(columns.len());
    let mut score = [0.0; ROWS];
    for start in (0..problem.rows()).step_by(ROWS) {
        let rows = start..(start + ROWS).min(problem.rows());
        let z = in_place(&source, start, rows.len(), &mut copies);
        block::scores(
            &mut score,
            &z,
            &used,
            rows.len(),
            problem.log_base.as_ref().map(|log| &log[rows.clone()]),
        );
        let count = rows.len();
        w[rows].copy_from_slice(&score[..count]);
    }
    for group in &problem.groups {
        let scores = &mut w[group.clone()];
        let (whole, tail) = scores.split_at_mut(scores.len() / 4 * 4);
        let shift = tail.iter().copied().fold(block::largest(whole), f64::max);
        let mut sum = block::exponentials(whole, shift);
        for s in tail.iter_mut() {
            *s = (*s - shift).exp();
            sum += *s;
        }
        let share = 1.0 / sum;
        scores.iter_mut().for_each(|s| *s *= share);
    }
    w
}

/// E_w[z] of every column.
pub(super) fn realised(problem: &Problem, w: &[f64]) -> Vec<f64> {
    (0..problem.values()).map(|i| realised_of(problem, w, i)).collect()
}

/// E_w[z] of column `i`.
pub(super) fn realised_of(problem: &Problem, w: &[f64], i: usize) -> f64 {
    let z = problem.column(i);
    let mean =
        |g: &std::ops::Range<usize>| w[g.clone()].iter().zip(&z[g.clone()]).map(|(w, z)| w * z).sum::<f64>();
    problem.groups.iter().zip(&problem.group_weight).map(|(g, pi)| pi * mean(g)).sum()
}

/// Σ π_g KL(w_g ‖ q_g), nats.
pub(super) fn kl(problem: &Problem, w: &[f64]) -> f64 {
    problem
        .groups
        .iter()
        .zip(&problem.group_weight)
        .map(|(g, pi)| {
            pi * g
                .clone()
                .filter(|&j| w[j] > 0.0)
                .map(|j| w[j] * (w[j].ln() - problem.log_base(j, g.len())))
                .sum::<f64>()
        })
        .sum::<f64>()
        .max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(sizes: &[usize]) -> Problem {
        let n = sizes.iter().sum();
        let r = Array2::from_shape_fn((n, 3), |(i, j)| ((i * 7 + j * 5) as f64 * 0.9).sin() + 0.1 * j as f64);
        let answers: Vec<f64> = (0..n).map(|j| 1.0 + (j % 3) as f64).collect();
        let weights = super::super::problem::BaseWeights { answers: Some(&answers), groups: None };
        Problem::weighted(r, sizes, weights).expect("a good table")
    }

    #[test]
    fn derivatives_agree_with_finite_differences() {
        for sizes in [&[4, 3, 5][..], &[700], &[300, 2, 260]] {
            let problem = example(sizes);
            let (lambda, h, columns) = ([0.7, -0.4, 1.3], 1e-5, [0, 1, 2]);
            // Centred at another point, as after a step from there.
            for before in [None, Some(&[0.5, -0.2, 0.1][..])] {
                let at = point(&problem, &columns, 3, &lambda, before);
                let part = point(&problem, &columns, 2, &[0.7, -0.4], before);
                let flat = point(&problem, &columns, 0, &[0.7, -0.4], before);
                assert!(flat.realised.iter().zip(&part.realised).all(|(a, b)| (a - b).abs() < 1e-13));
                let whole = point(&problem, &columns, 3, &[0.7, -0.4, 0.0], before);
                assert!(
                    (part.realised[2] - whole.realised[2]).abs() < 1e-13
                        && (part.covariance[[0, 1]] - whole.covariance[[0, 1]]).abs() < 1e-13
                );
                assert!((at.log_partition - log_partition(&problem, &columns, &lambda)).abs() < 1e-13);
                let levels = realised(&problem, &weights(&problem, &lambda));
                for i in 0..3 {
                    assert!((levels[i] - at.realised[i]).abs() < 1e-13);
                    let (mut up, mut down) = (lambda, lambda);
                    up[i] += h;
                    down[i] -= h;
                    let slope = (log_partition(&problem, &columns, &up)
                        - log_partition(&problem, &columns, &down))
                        / (2.0 * h);
                    assert!((slope - at.realised[i]).abs() < 1e-9);
                    let (pu, pd) = (
                        point(&problem, &columns, 3, &up, before),
                        point(&problem, &columns, 3, &down, before),
                    );
                    for j in 0..3 {
                        let bend = (pu.realised[j] - pd.realised[j]) / (2.0 * h);
                        assert!((bend - at.covariance[[i, j]]).abs() < 1e-8);
                    }
                }
            }
        }
    }

    #[test]
    fn enormous_weights_do_not_overflow() {
        for sizes in [&[4, 3, 5][..], &[600]] {
            let problem = example(sizes);
            let lambda = [1e6, -1e6, 1e5];
            let w = weights(&problem, &lambda);
            let at = point(&problem, &[0, 1, 2], 3, &lambda, None);
            assert!(
                at.log_partition.is_finite()
                    && at.covariance.iter().chain(&at.realised).chain(&w).all(|x| x.is_finite())
            );
            assert!((w.iter().sum::<f64>() - sizes.len() as f64).abs() < 1e-12);
        }
    }
}
