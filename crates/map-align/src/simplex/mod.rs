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

use super::problem::Problem;
use super::linalg::inverse;
use super::support::support;
use ndarray::Array2;

/// A row of the program: sign·v\[column\] − normal·τ ≥ rhs (without a column: −normal·τ ≥ rhs).
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub column: Option<usize>,
    pub sign: f64,
    pub normal: f64,
    pub rhs: f64,
}

/// Points of Y that earlier programs needed. They do not depend on the palette, so they are kept from one to
/// the next.
#[derive(Clone, Debug, Default)]
pub struct VertexPool {
    points: Vec<Vec<f64>>,
}

/// Points kept from one program to the next.
const KEPT: usize = 300;

/// The largest τ and what is known of it.
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
    pub fn tau(&self) -> f64 {
        if self.upper - self.lower <= 1e-9 * (1.0 + self.upper.abs()) { self.upper } else { self.lower }
    }
}

/// Gap between the bounds at which the optimum counts as exact, relative to the sizes involved.
const GAP: f64 = 1e-12;
/// Rows are relaxed by about this much, each by another amount, so that no two vertices of the program
/// coincide and it cannot cycle.
const PERTURBATION: f64 = 1e-11;
/// Pivots after which the inverse is made anew.
const REFACTOR: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Variable {
    Tau,
    /// A point of Y, by its place in the pool.
    Point(usize),
    /// The surplus of a row.
    Surplus(usize),
}

struct Program<'a> {
    rows: &'a [Row],
    /// Points by place: first the start, then those of the pool.
    start: &'a [f64],
    pool: &'a mut Vec<Vec<f64>>,
    rhs: Vec<f64>,
    basis: Vec<Variable>,
    inverse: Array2<f64>,
    /// Values of the basic variables.
    x: Vec<f64>,
    pivots: usize,
}

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
    pool.points.retain(|p| p.len() == values);
    let mut program = Program::new(rows, start, &mut pool.points);
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
        let y = program.multipliers();
        // d = −y on the rows; y's last entry is what a point must beat.
        if let Some(p) = (0..rows.len()).filter(|&p| y[p] > 1e-11).max_by(|a, b| y[*a].total_cmp(&y[*b])) {
            if !program.basis.contains(&Variable::Surplus(p)) && program.enter(Variable::Surplus(p)) {
                continue;
            }
            // Rounding has built up in the inverse: once it is made anew, the same choice must be possible.
            if program.pivots == 0 {
                break;
            }
            program.refresh();
            continue;
        }
        let multipliers: Vec<f64> = y[..rows.len()].iter().map(|y| (-y).max(0.0)).collect();
        let floor = y[rows.len()];
        let mut direction = vec![0.0; values];
        for (row, d) in rows.iter().zip(&multipliers) {
            if let Some(column) = row.column {
                direction[column] += row.sign * d;
            }
        }
        let asked: f64 = rows.iter().zip(&multipliers).map(|(row, d)| row.rhs * d).sum();
        let size = 1.0
            + floor.abs()
            + rows.iter().zip(&multipliers).map(|(row, d)| (row.rhs * d).abs()).sum::<f64>();
        // A point that earlier programs found costs no pass.
        let score = |point: &[f64]| point.iter().zip(&direction).map(|(x, d)| x * d).sum::<f64>();
        let pooled = (0..program.pool.len())
            .filter(|&k| !program.basis.contains(&Variable::Point(k + 1)))
            .map(|k| (k, score(&program.pool[k])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((k, s)) = pooled
            && s - floor > 1e-9 * size
            && program.enter(Variable::Point(k + 1))
        {
            useful.push(k);
            if enough.is_some_and(|enough| program.tau() > enough) {
                break;
            }
            continue;
        }
        let (phi, point) = support(problem, &direction);
        let upper = phi - asked;
        if upper < best.upper {
            (best.upper, best.direction, best.multipliers) = (upper, direction, multipliers);
        }
        best.lower = best.lower.max(program.tau());
        if phi - floor <= GAP * size {
            break;
        }
        program.pool.push(point);
        let k = program.pool.len() - 1;
        if !program.enter(Variable::Point(k + 1)) {
            program.pool.pop();
            if program.pivots == 0 {
                break;
            }
            program.refresh();
            continue;
        }
        useful.push(k);
        if enough.is_some_and(|enough| program.tau() > enough) {
            break;
        }
    }
    program.refresh();
    best.lower = best.lower.max(program.tau());
    best.point = program.point(values);
    if pool.points.len() > KEPT {
        // What this program used stays, then the newest.
        let mut keep: Vec<usize> = useful;
        keep.sort_unstable();
        keep.dedup();
        let start = keep.len().saturating_sub(KEPT);
        let mut kept: Vec<Vec<f64>> = keep[start..].iter().map(|&k| pool.points[k].clone()).collect();
        for k in
            (0..pool.points.len()).rev().filter(|k| !keep.contains(k)).take(KEPT.saturating_sub(kept.len()))
        {
            kept.push(pool.points[k].clone());
        }
        pool.points = kept;
    }
    best
}

impl<'a> Program<'a> {
    fn new(rows: &'a [Row], start: &'a [f64], pool: &'a mut Vec<Vec<f64>>) -> Self {
        let level = |row: &Row| row.column.map_or(0.0, |c| row.sign * start[c]);
        // The row that stops τ first at the start.
        let binding = (0..rows.len())
            .filter(|&p| rows[p].normal > 0.0)
            .min_by(|&a, &b| {
                let stop = |p: usize| (level(&rows[p]) - rows[p].rhs) / rows[p].normal;
                // Among ties the steepest: it keeps the basis well conditioned.
                stop(a).total_cmp(&stop(b)).then(rows[b].normal.total_cmp(&rows[a].normal))
            })
            .unwrap_or_default();
        let tau = (level(&rows[binding]) - rows[binding].rhs) / rows[binding].normal;
        let mut rhs: Vec<f64> = rows
            .iter()
            .enumerate()
            .map(|(p, row)| {
                let jitter =
                    PERTURBATION * (1.0 + (p as f64 * 0.618_033_988_749_895).fract()) * (1.0 + row.rhs.abs());
                // The start is allowed whatever rounding says.
                if p == binding { row.rhs } else { row.rhs.min(level(row) - row.normal * tau) - jitter }
            })
            .collect();
        rhs.push(1.0);
        let mut basis: Vec<Variable> = (0..rows.len())
            .map(|p| if p == binding { Variable::Tau } else { Variable::Surplus(p) })
            .collect();
        basis.push(Variable::Point(0));
        let size = basis.len();
        let mut program = Program {
            rows,
            start,
            pool,
            rhs,
            basis,
            inverse: Array2::eye(size),
            x: vec![0.0; size],
            pivots: 0,
        };
        program.refresh();
        program
    }

    fn point_at(&self, place: usize) -> &[f64] {
        if place == 0 { self.start } else { &self.pool[place - 1] }
    }

    fn column(&self, variable: Variable) -> Vec<f64> {
        let size = self.rows.len() + 1;
        let mut column = vec![0.0; size];
        match variable {
            Variable::Tau => column.iter_mut().zip(self.rows).for_each(|(x, row)| *x = -row.normal),
            Variable::Surplus(p) => column[p] = -1.0,
            Variable::Point(place) => {
                let point = self.point_at(place);
                column
                    .iter_mut()
                    .zip(self.rows)
                    .for_each(|(x, row)| *x = row.column.map_or(0.0, |c| row.sign * point[c]));
                column[size - 1] = 1.0;
            }
        }
        column
    }

    /// Makes the inverse and the values anew. Keeps the old ones should the basis be singular to rounding.
    fn refresh(&mut self) {
        let size = self.basis.len();
        let mut matrix = Array2::<f64>::zeros((size, size));
        for (k, variable) in self.basis.iter().enumerate() {
            for (p, x) in self.column(*variable).into_iter().enumerate() {
                matrix[[p, k]] = x;
            }
        }
        if let Some(inverse) = inverse(matrix) {
            self.inverse = inverse;
        }
        self.pivots = 0;
        self.values();
    }

    fn values(&mut self) {
        self.x = self
            .inverse
            .rows()
            .into_iter()
            .map(|row| row.iter().zip(&self.rhs).map(|(a, b)| a * b).sum())
            .collect();
    }

    fn tau_place(&self) -> usize {
        self.basis.iter().position(|v| *v == Variable::Tau).unwrap_or_default()
    }

    fn tau(&self) -> f64 {
        self.x[self.tau_place()]
    }

    /// y = B⁻ᵀ e_τ.
    fn multipliers(&self) -> Vec<f64> {
        self.inverse.row(self.tau_place()).to_vec()
    }

    /// Brings `variable` into the basis; `false` when no pivot is safe.
    fn enter(&mut self, variable: Variable) -> bool {
        let column = self.column(variable);
        let u: Vec<f64> = self
            .inverse
            .rows()
            .into_iter()
            .map(|row| row.iter().zip(&column).map(|(a, b)| a * b).sum())
            .collect();
        let largest = u.iter().map(|u| u.abs()).fold(0.0, f64::max);
        let tau = self.tau_place();
        // Harris's two passes: how far one may go with a little slack, then the steepest pivot within that.
        let candidates: Vec<usize> =
            (0..u.len()).filter(|&k| k != tau && u[k] > 1e-10 * largest.max(1.0)).collect();
        let slack = 1e-13;
        let Some(limit) =
            candidates.iter().map(|&k| (self.x[k].max(0.0) + slack) / u[k]).min_by(f64::total_cmp)
        else {
            return false;
        };
        let Some(leaving) = candidates
            .into_iter()
            .filter(|&k| self.x[k].max(0.0) / u[k] <= limit)
            .max_by(|a, b| u[*a].total_cmp(&u[*b]))
        else {
            return false;
        };
        self.basis[leaving] = variable;
        self.pivots += 1;
        if self.pivots >= REFACTOR {
            self.refresh();
        } else {
            let pivot = u[leaving];
            let row: Vec<f64> = self.inverse.row(leaving).iter().map(|x| x / pivot).collect();
            for (k, &factor) in u.iter().enumerate() {
                if k != leaving && factor != 0.0 {
                    self.inverse.row_mut(k).iter_mut().zip(&row).for_each(|(x, r)| *x -= factor * r);
                }
            }
            self.inverse.row_mut(leaving).iter_mut().zip(&row).for_each(|(x, r)| *x = *r);
            self.values();
        }
        true
    }

    /// The mixture of points that the basis holds.
    fn point(&self, values: usize) -> Vec<f64> {
        let mut mixture = vec![0.0; values];
        let mut total = 0.0;
        for (variable, x) in self.basis.iter().zip(&self.x) {
            if let Variable::Point(place) = variable {
                let share = x.max(0.0);
                total += share;
                mixture.iter_mut().zip(self.point_at(*place)).for_each(|(m, p)| *m += share * p);
            }
        }
        if total > 0.0 {
            mixture.iter_mut().for_each(|m| *m /= total);
        }
        mixture
    }
}
