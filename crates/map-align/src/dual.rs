//! The dual of a palette (MAP, arXiv 2410.19198), which the solver maximises.
//!
//! Group g (a prompt) has weight π_g, its answers j base weights q_gj that sum to 1 and standardised rewards
//! z_gj. The palette asks for c:
//!
//! > min over w of Σ_g π_g KL(w_g ‖ q_g) subject to Σ_g π_g E_{w_g} z ≥ c.
//!
//! For multipliers λ the Lagrangian is least at w_gj ∝ q_gj exp(λ·z_gj), which leaves the concave
//!
//! > g(λ) = λ·c − A(λ), A(λ) = Σ_g π_g log Σ_j q_gj exp(λ·z_gj),
//! >
//! > ∇g = c − ∇A, ∇A = Σ_g π_g E_{w_g} z, the levels that λ realises,
//! >
//! > ∇²g = −∇²A, ∇²A = Σ_g π_g Cov_{w_g}(z).
//!
//! Here are A, ∇A and ∇²A, which the samples alone determine, taken together in one pass over the rows; c
//! belongs to the palette and joins in `ascent`. `primal` has the weights w themselves.
//!
//! Two things could go wrong in floating point. exp overflows: every sum is taken relative to a shift s, log
//! Σ q exp(x) = s + log Σ q exp(x − s). And E[zz'] − E[z]E[z]' loses all figures where w is nearly on one
//! answer, so products are taken of z less a centre. How shift and centre come about depends on the size of a
//! group: [`Pass::add_small`] has them before it sums, [`Pass::add_large`] reads the rows once.

use super::block::{self, Column, Copies, ROWS, in_place, padded};
use super::derivatives::Derivatives;
use super::problem::Problem;
use ndarray::Array2;
use std::ops::Range;
use wide::f64x2;

/// A and ∇A over `columns`, and ∇²A over the first `curved` of them, at `lambda` (of the first columns, at
/// least `curved`; the others have λ = 0).
///
/// `centre` are levels of `columns` at a λ nearby: large groups take products about them.
pub(super) fn point(
    problem: &Problem,
    columns: &[usize],
    curved: usize,
    lambda: &[f64],
    centre: Option<&[f64]>,
) -> Derivatives {
    let mut pass = Pass::new(problem, columns, curved, lambda, centre);
    for (group, &pi) in problem.groups.iter().zip(&problem.group_weight) {
        if group.len() <= ROWS {
            pass.add_small(group.clone(), pi);
        } else {
            pass.add_large(group.clone(), pi);
        }
    }
    pass.finish()
}

/// One pass over the groups: what is summed so far, and room to work in.
struct Pass<'a> {
    problem: &'a Problem,
    columns: &'a [usize],
    source: Vec<&'a [f64]>,
    curved: usize,
    lambda: &'a [f64],
    centre: Option<&'a [f64]>,
    /// A.
    log_partition: f64,
    /// ∇A.
    levels: Vec<f64>,
    /// ∇²A of the small groups and of the large ones: the packed lower triangle, row after row.
    small: Vec<f64x2>,
    large: Vec<f64>,
    /// A block's scores λ·z + log q, then its weights.
    score: Column,
    copies: Copies,
    /// Σ w z and Σ w z z' within a group, packed likewise.
    first: Vec<f64x2>,
    second: Vec<f64x2>,
}

impl<'a> Pass<'a> {
    fn new(
        problem: &'a Problem,
        columns: &'a [usize],
        curved: usize,
        lambda: &'a [f64],
        centre: Option<&'a [f64]>,
    ) -> Self {
        let (all, triangle) = (columns.len(), curved * (curved + 1) / 2);
        Pass {
            problem,
            columns,
            source: columns.iter().map(|&i| problem.column(i)).collect(),
            curved,
            lambda,
            centre,
            log_partition: 0.0,
            levels: vec![0.0; all],
            small: vec![f64x2::ZERO; triangle],
            large: vec![0.0; triangle],
            score: [0.0; ROWS],
            copies: Copies::new(all),
            first: vec![f64x2::ZERO; all],
            second: vec![f64x2::ZERO; triangle],
        }
    }

    /// A group that fits into one block is read again and again: its largest score is the shift, its own mean
    /// the centre,
    ///
    /// > Cov_w(z) = Σ_j w_j (z_j − z̄)(z_j − z̄)', z̄ = Σ_j w_j z_j.
    fn add_small(&mut self, group: Range<usize>, pi: f64) {
        let rows = group.len();
        for (i, source) in self.source.iter().enumerate() {
            self.copies.load(i, &source[group.clone()], 0.0);
        }
        let z: Vec<&Column> = self.copies.z.iter().collect();
        let (scored, log_base) = (&z[..self.lambda.len()], self.problem.log_bases(group.clone()));
        block::scores(&mut self.score, scored, self.lambda, rows, log_base);
        let shift = block::largest(&self.score[..padded(rows)]);
        let sum = block::exponentials(&mut self.score[..padded(rows)], shift);
        self.log_partition += pi * (shift + sum.ln() - self.problem.uniform_log(rows));
        for (i, level) in self.levels.iter_mut().enumerate() {
            let mean = block::first_moment(&self.score, &self.copies.z[i], rows) / sum;
            *level += pi * mean;
            if i < self.curved {
                // Rows beyond the end are no longer 0 then, but their weight is.
                self.copies.centre(i, mean, rows);
            }
        }
        let z: Vec<&Column> = self.copies.z[..self.curved].iter().collect();
        self.second.fill(f64x2::ZERO);
        block::moments(&self.score, &z, rows, &mut self.first, &mut self.second);
        let scale = f64x2::splat(pi / sum);
        self.small.iter_mut().zip(&self.second).for_each(|(s, x)| *s += scale * *x);
    }

    /// A larger group is read block by block, once. The shift is a bound of all scores where one is known,
    /// else the largest score so far, by which the sums are rescaled when it grows. The centre c was given (0
    /// if not), and how far the mean lies from it is taken off at the end,
    ///
    /// > Cov_w(z) = Σ_j w_j (z_j − c)(z_j − c)' − (z̄ − c)(z̄ − c)'.
    fn add_large(&mut self, group: Range<usize>, pi: f64) {
        let (all, k, scored) = (self.columns.len(), self.curved, self.lambda.len());
        let uniform = self.problem.uniform_log(group.len());
        self.first.fill(f64x2::ZERO);
        self.second.fill(f64x2::ZERO);
        // Σ w z of the columns without products.
        let mut beyond = vec![0.0; all - k];
        let known = self.highest_score();
        let (mut shift, mut sum) = (known.unwrap_or(f64::NEG_INFINITY), 0.0);
        for start in group.clone().step_by(ROWS) {
            let rows = start..(start + ROWS).min(group.end);
            let count = rows.len();
            let z: Vec<&Column> = match self.centre {
                None => in_place(&self.source, start, count, &mut self.copies),
                Some(centre) => {
                    for (i, source) in self.source.iter().enumerate() {
                        self.copies.load(i, &source[rows.clone()], centre[i]);
                    }
                    self.copies.z.iter().collect()
                }
            };
            let log_base = self.problem.log_bases(rows);
            if known.is_some() && count == ROWS {
                sum += block::weights(&mut self.score, &z[..scored], self.lambda, log_base, shift);
            } else {
                block::scores(&mut self.score, &z[..scored], self.lambda, count, log_base);
                let top = block::largest(&self.score[..padded(count)]);
                if known.is_none() && top > shift {
                    let factor = (shift - top).exp();
                    sum *= factor;
                    let sums = self.first.iter_mut().chain(&mut self.second);
                    sums.for_each(|s| *s *= f64x2::splat(factor));
                    beyond.iter_mut().for_each(|s| *s *= factor);
                    shift = top;
                }
                sum += block::exponentials(&mut self.score[..padded(count)], shift);
            }
            block::moments(&self.score, &z[..k], count, &mut self.first, &mut self.second);
            for (total, z) in beyond.iter_mut().zip(&z[k..]) {
                *total += block::first_moment(&self.score, z, count);
            }
        }
        let centre = |i: usize| self.centre.map_or(0.0, |c| c[i]);
        // λ·c, which the scores of centred columns lack.
        let shifted: f64 = self.lambda.iter().enumerate().map(|(i, l)| l * centre(i)).sum();
        self.log_partition += pi * (shift + shifted + sum.ln() - uniform);
        let first = self.first[..k].iter().map(|s| s.reduce_add() / sum);
        let mean: Vec<f64> = first.chain(beyond.iter().map(|s| s / sum)).collect();
        for (i, (level, mean)) in self.levels.iter_mut().zip(&mean).enumerate() {
            *level += pi * (centre(i) + mean);
        }
        let mut place = 0;
        for i in 0..k {
            for j in 0..=i {
                self.large[place] += pi * (self.second[place].reduce_add() / sum - mean[i] * mean[j]);
                place += 1;
            }
        }
    }

    /// An upper bound of λ·(z − centre) over the rows of the only group, if no score can lie too far below it
    /// for floating point.
    fn highest_score(&self) -> Option<f64> {
        /// e to the minus this is still a normal number, with room for sums of products.
        const FURTHEST: f64 = 500.0;
        if self.problem.groups.len() > 1 || self.problem.log_base.is_some() {
            return None;
        }
        let (mut bound, mut mean) = (0.0, 0.0);
        for (k, (&i, &l)) in self.columns.iter().zip(self.lambda).enumerate() {
            let [low, high] = self.problem.extremes(i);
            let centre = self.centre.map_or(0.0, |c| c[k]);
            bound += l * (if l > 0.0 { high } else { low } - centre);
            // The largest score is at least the mean one.
            mean += l * (self.problem.base[i] - centre);
        }
        (bound - mean < FURTHEST).then_some(bound)
    }

    fn finish(self) -> Derivatives {
        let k = self.curved;
        let mut covariance = Array2::<f64>::zeros((k, k));
        let mut place = 0;
        for i in 0..k {
            for j in 0..=i {
                covariance[[i, j]] = self.small[place].reduce_add() + self.large[place];
                covariance[[j, i]] = covariance[[i, j]];
                place += 1;
            }
        }
        Derivatives { log_partition: self.log_partition, levels: self.levels, covariance }
    }
}

/// The dual at λ = 0 over some columns. It belongs to the samples as means and deviations do, and is kept
/// with them.
pub(super) fn at_base(problem: &Problem, columns: &[usize]) -> Derivatives {
    let all = problem.at_base.get_or_init(|| {
        let m = problem.values();
        let columns: Vec<usize> = (0..m).collect();
        point(problem, &columns, m, &vec![0.0; m], None)
    });
    Derivatives {
        log_partition: all.log_partition,
        levels: columns.iter().map(|&i| all.levels[i]).collect(),
        covariance: Array2::from_shape_fn((columns.len(), columns.len()), |(a, b)| {
            all.covariance[[columns[a], columns[b]]]
        }),
    }
}

/// A(λ) alone, for `lambda` of `columns`: what a line search asks for.
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
            block::scores(&mut score, &z, lambda, count, problem.log_bases(rows));
            let top = block::largest(&score[..padded(count)]);
            if top > shift {
                sum *= (shift - top).exp();
                shift = top;
            }
            sum += block::exponentials(&mut score[..padded(count)], shift);
        }
        total += pi * (shift + sum.ln() - problem.uniform_log(group.len()));
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::primal::{levels, weights};

    fn example(sizes: &[usize]) -> Problem {
        let n = sizes.iter().sum();
        let r = Array2::from_shape_fn((n, 3), |(i, j)| ((i * 7 + j * 5) as f64 * 0.9).sin() + 0.1 * j as f64);
        let answers: Vec<f64> = (0..n).map(|j| 1.0 + (j % 3) as f64).collect();
        let weights = crate::BaseWeights { answers: Some(&answers), groups: None };
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
                let two = point(&problem, &columns, 2, &[0.7, -0.4], before);
                let flat = point(&problem, &columns, 0, &[0.7, -0.4], before);
                assert!(flat.levels.iter().zip(&two.levels).all(|(a, b)| (a - b).abs() < 1e-13));
                let whole = point(&problem, &columns, 3, &[0.7, -0.4, 0.0], before);
                assert!(
                    (two.levels[2] - whole.levels[2]).abs() < 1e-13
                        && (two.covariance[[0, 1]] - whole.covariance[[0, 1]]).abs() < 1e-13
                );
                assert!((at.log_partition - log_partition(&problem, &columns, &lambda)).abs() < 1e-13);
                let realised = levels(&problem, &weights(&problem, &lambda));
                for i in 0..3 {
                    assert!((realised[i] - at.levels[i]).abs() < 1e-13);
                    let (mut up, mut down) = (lambda, lambda);
                    up[i] += h;
                    down[i] -= h;
                    let slope = (log_partition(&problem, &columns, &up)
                        - log_partition(&problem, &columns, &down))
                        / (2.0 * h);
                    assert!((slope - at.levels[i]).abs() < 1e-9);
                    let (pu, pd) = (
                        point(&problem, &columns, 3, &up, before),
                        point(&problem, &columns, 3, &down, before),
                    );
                    for j in 0..3 {
                        let bend = (pu.levels[j] - pd.levels[j]) / (2.0 * h);
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
                    && at.covariance.iter().chain(&at.levels).chain(&w).all(|x| x.is_finite())
            );
            assert!((w.iter().sum::<f64>() - sizes.len() as f64).abs() < 1e-12);
        }
    }
}
