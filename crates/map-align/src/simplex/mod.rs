//! How far a level can be pushed over everything that can be had: a linear program by the revised simplex
//! method with generated columns.
//!
//! The levels that can be had are the convex hull Y of the supporting rows of φ (see `support`): too many to
//! list, but the best one for any direction is found by a pass over the table. So the program
//!
//! > maximise τ subject to sign_p v_p − normal_p τ ≥ rhs_p for every row p, v ∈ Y
//!
//! keeps a basis of as many points as there are rows, and asks for one more point at a time (Dantzig and
//! Wolfe 1960). Every point of the way is a mixture of answers that can be had, so its τ is a lower bound;
//! the multipliers d ≥ 0 of the rows give φ(d) − d·rhs, an upper bound that a pass over the table checks.

mod basis;
mod pool;

pub use pool::VertexPool;

use super::problem::Problem;
use super::support::support;
use basis::{Basis, Variable};

/// A row of the program: sign·v\[column\] − normal·τ ≥ rhs (without a column: −normal·τ ≥ rhs). `and` adds
/// another column with a factor of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub column: Option<usize>,
    pub sign: f64,
    pub and: Option<(usize, f64)>,
    pub normal: f64,
    pub rhs: f64,
}

impl Row {
    /// sign·point\[column\], with what `and` adds.
    fn level(&self, point: &[f64]) -> f64 {
        let own = self.column.map_or(0.0, |c| self.sign * point[c]);
        self.and.map_or(own, |(c, factor)| own + factor * point[c])
    }
}

/// The largest τ, between two bounds.
#[derive(Clone, Debug)]
pub(super) struct Optimum {
    /// An upper bound: φ(d) − d·rhs, checked by a pass over the table.
    pub upper: f64,
    /// A lower bound: the τ of `point`.
    pub lower: f64,
    /// d summed by column (standardised): sign·multiplier.
    pub direction: Vec<f64>,
    /// The multipliers of the rows.
    pub multipliers: Vec<f64>,
    /// A point of Y (every column) that attains `lower`.
    pub point: Vec<f64>,
}

impl Optimum {
    /// The largest τ: the bound where both agree, else, should rounding have ended the search early, what is
    /// attained.
    pub(crate) fn tau(&self) -> f64 {
        if self.upper - self.lower <= 1e-9 * (1.0 + self.upper.abs()) { self.upper } else { self.lower }
    }
}

/// Gap between the bounds at which the optimum counts as exact, relative to the sizes involved.
const GAP: f64 = 1e-12;

/// Maximises τ from the point `start` of Y, which must satisfy the rows with normal 0 (up to rounding), and
/// those with a negative normal at the τ that it allows. Some row must have a positive normal.
///
/// With `enough`, the search ends as soon as τ exceeds it.
pub(super) fn maximise(
    problem: &Problem,
    pool: &mut VertexPool,
    rows: &[Row],
    start: &[f64],
    enough: Option<f64>,
) -> Optimum {
    let values = problem.values();
    pool.keep_of(values);
    let mut basis = Basis::new(rows, start, &mut pool.points);
    let mut best = Optimum {
        upper: f64::INFINITY,
        lower: f64::NEG_INFINITY,
        direction: vec![0.0; values],
        multipliers: vec![0.0; rows.len()],
        point: start.to_vec(),
    };
    let most = 400 + 60 * rows.len() + 10 * values;
    let mut useful = Vec::new();
    for _ in 0..most {
        let y = basis.multipliers();
        // d = −y on the rows; y's last entry is what a point must beat.
        if let Some(p) = (0..rows.len()).filter(|&p| y[p] > 1e-11).max_by(|a, b| y[*a].total_cmp(&y[*b])) {
            if !basis.variables.contains(&Variable::Surplus(p)) && basis.enter(Variable::Surplus(p)) {
                continue;
            }
            // Rounding has built up in the inverse: once it is made anew, the same choice must be possible.
            if basis.pivots == 0 {
                break;
            }
            basis.refresh();
            continue;
        }
        let multipliers: Vec<f64> = y[..rows.len()].iter().map(|y| (-y).max(0.0)).collect();
        let floor = y[rows.len()];
        let mut direction = vec![0.0; values];
        for (row, d) in rows.iter().zip(&multipliers) {
            if let Some(column) = row.column {
                direction[column] += row.sign * d;
            }
            if let Some((column, factor)) = row.and {
                direction[column] += factor * d;
            }
        }
        let asked: f64 = rows.iter().zip(&multipliers).map(|(row, d)| row.rhs * d).sum();
        let size = 1.0
            + floor.abs()
            + rows.iter().zip(&multipliers).map(|(row, d)| (row.rhs * d).abs()).sum::<f64>();
        // A point that earlier programs found costs no pass.
        let score = |point: &[f64]| point.iter().zip(&direction).map(|(x, d)| x * d).sum::<f64>();
        let pooled = (0..basis.pool.len())
            .filter(|&k| !basis.variables.contains(&Variable::Point(k + 1)))
            .map(|k| (k, score(&basis.pool[k])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((k, s)) = pooled
            && s - floor > 1e-9 * size
            && basis.enter(Variable::Point(k + 1))
        {
            useful.push(k);
            if enough.is_some_and(|enough| basis.tau() > enough) {
                break;
            }
            continue;
        }
        let (phi, point) = support(problem, &direction);
        let upper = phi - asked;
        if upper < best.upper {
            (best.upper, best.direction, best.multipliers) = (upper, direction, multipliers);
        }
        best.lower = best.lower.max(basis.tau());
        if phi - floor <= GAP * size {
            break;
        }
        basis.pool.push(point);
        let k = basis.pool.len() - 1;
        if !basis.enter(Variable::Point(k + 1)) {
            basis.pool.pop();
            if basis.pivots == 0 {
                break;
            }
            basis.refresh();
            continue;
        }
        useful.push(k);
        if enough.is_some_and(|enough| basis.tau() > enough) {
            break;
        }
    }
    basis.refresh();
    best.lower = best.lower.max(basis.tau());
    best.point = basis.point(values);
    pool.shrink(useful);
    best
}
