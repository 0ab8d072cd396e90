//! A palette as the lab's solvers see it: half-spaces on standardised levels, and the dual in plain loops,
//! apart from the solver of this project.

use map_align::{Bounds, Problem};
use std::cell::Cell;

/// sign·E z ≥ target on a column, in standard deviations; its multiplier is ≥ 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HalfSpace {
    pub(crate) column: usize,
    /// 1 for a lower bound, −1 for an upper one.
    pub(super) sign: f64,
    pub(super) target: f64,
    /// The bound in the column's own unit.
    pub(super) level: f64,
}

/// A palette on a problem. A range has two half-spaces and so has an exact level.
pub(crate) struct Task<'a> {
    pub(super) problem: &'a Problem,
    pub(crate) half_spaces: Vec<HalfSpace>,
    pub(super) base_weights: Vec<f64>,
    passes: Cell<usize>,
}

/// The dual at one point.
pub(super) struct Point {
    /// g, nats.
    pub(super) value: f64,
    /// target − sign·E z of every half-space.
    pub(super) gradient: Vec<f64>,
}

impl<'a> Task<'a> {
    /// `bounds` has one entry per column, in own units. Constant columns need no multiplier.
    pub(crate) fn new(problem: &'a Problem, bounds: &[Bounds]) -> Self {
        let mut half_spaces = Vec::new();
        for (column, bounds) in bounds.iter().enumerate() {
            let sd = problem.standard_deviation(column);
            if sd == 0.0 {
                continue;
            }
            for (sign, level) in [(1.0, bounds.lower), (-1.0, bounds.upper)] {
                half_spaces.extend(level.map(|level| HalfSpace {
                    column,
                    sign,
                    target: sign * (level - problem.mean(column)) / sd,
                    level,
                }));
            }
        }
        Task { problem, half_spaces, base_weights: problem.base_weights(), passes: Cell::new(0) }
    }

    pub(super) fn passes(&self) -> usize {
        self.passes.get()
    }

    pub(super) fn count_pass(&self) {
        self.passes.set(self.passes.get() + 1);
    }

    /// λ of every column, nats per unit, from multipliers per standard deviation.
    pub(super) fn lambda(&self, multipliers: &[f64]) -> Vec<f64> {
        let mut lambda = vec![0.0; self.problem.values()];
        for (half, mu) in self.half_spaces.iter().zip(multipliers) {
            lambda[half.column] += half.sign * mu / self.problem.standard_deviation(half.column);
        }
        lambda
    }

    /// g and its gradient at multipliers per standard deviation: one pass.
    pub(super) fn at(&self, multipliers: &[f64]) -> Point {
        self.count_pass();
        let columns: Vec<&[f64]> =
            self.half_spaces.iter().map(|half| self.problem.standardised(half.column)).collect();
        let signed: Vec<f64> =
            self.half_spaces.iter().zip(multipliers).map(|(half, mu)| half.sign * mu).collect();
        let mut value: f64 =
            self.half_spaces.iter().zip(multipliers).map(|(half, mu)| half.target * mu).sum();
        let mut levels = vec![0.0; columns.len()];
        let mut score = Vec::new();
        for (group, pi) in self.problem.group_rows().iter().zip(self.problem.group_weights()) {
            score.clear();
            score.resize(group.len(), 0.0);
            for (column, l) in columns.iter().zip(&signed).filter(|(_, l)| **l != 0.0) {
                score.iter_mut().zip(&column[group.clone()]).for_each(|(s, z)| *s += l * z);
            }
            let shift = score.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mut sum = 0.0;
            for (s, q) in score.iter_mut().zip(&self.base_weights[group.clone()]) {
                *s = q * (*s - shift).exp();
                sum += *s;
            }
            value -= pi * (shift + sum.ln());
            for (level, column) in levels.iter_mut().zip(&columns) {
                let mean: f64 = score.iter().zip(&column[group.clone()]).map(|(w, z)| w * z).sum();
                *level += pi * mean / sum;
            }
        }
        let gap = |(half, level): (&HalfSpace, &f64)| half.target - half.sign * level;
        Point { value, gradient: self.half_spaces.iter().zip(&levels).map(gap).collect() }
    }

    /// Largest violation of the optimality conditions at multipliers ≥ 0, standard deviations.
    pub(super) fn residual(multipliers: &[f64], gradient: &[f64]) -> f64 {
        let one = |(mu, gap): (&f64, &f64)| if *mu > 0.0 { gap.abs() } else { gap.max(0.0) };
        multipliers.iter().zip(gradient).map(one).fold(0.0, f64::max)
    }
}
