//! A basis of the program, and the pivots from one to the next.

use super::Row;
use crate::linalg::inverse;
use ndarray::Array2;

/// Rows are relaxed by about this much, each by another amount, so that no two vertices of the program
/// coincide and it cannot cycle.
const PERTURBATION: f64 = 1e-11;
/// Pivots after which the inverse is made anew.
const REFACTOR: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Variable {
    /// τ itself, which never leaves.
    Tau,
    /// A point of Y, by its place in the pool.
    Point(usize),
    /// The surplus of a row.
    Surplus(usize),
}

/// The basic variables of the program, the inverse of their columns, and their values.
pub(super) struct Basis<'a> {
    rows: &'a [Row],
    /// Points by place: first the start, then those of the pool.
    start: &'a [f64],
    pub pool: &'a mut Vec<Vec<f64>>,
    rhs: Vec<f64>,
    pub variables: Vec<Variable>,
    inverse: Array2<f64>,
    /// Values of the basic variables.
    x: Vec<f64>,
    /// Since the inverse was made anew.
    pub pivots: usize,
}

impl<'a> Basis<'a> {
    pub(super) fn new(rows: &'a [Row], start: &'a [f64], pool: &'a mut Vec<Vec<f64>>) -> Self {
        let level = |row: &Row| row.level(start);
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
        let mut variables: Vec<Variable> = (0..rows.len())
            .map(|p| if p == binding { Variable::Tau } else { Variable::Surplus(p) })
            .collect();
        variables.push(Variable::Point(0));
        let size = variables.len();
        let mut basis = Basis {
            rows,
            start,
            pool,
            rhs,
            variables,
            inverse: Array2::eye(size),
            x: vec![0.0; size],
            pivots: 0,
        };
        basis.refresh();
        basis
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
                column.iter_mut().zip(self.rows).for_each(|(x, row)| *x = row.level(point));
                column[size - 1] = 1.0;
            }
        }
        column
    }

    /// Makes the inverse and the values anew. Keeps the old ones should the basis be singular to rounding.
    pub(super) fn refresh(&mut self) {
        let size = self.variables.len();
        let mut matrix = Array2::<f64>::zeros((size, size));
        for (k, variable) in self.variables.iter().enumerate() {
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
        self.variables.iter().position(|v| *v == Variable::Tau).unwrap_or_default()
    }

    pub(super) fn tau(&self) -> f64 {
        self.x[self.tau_place()]
    }

    /// y = B⁻ᵀ e_τ.
    pub(super) fn multipliers(&self) -> Vec<f64> {
        self.inverse.row(self.tau_place()).to_vec()
    }

    /// Brings `variable` into the basis; `false` when no pivot is safe.
    pub(super) fn enter(&mut self, variable: Variable) -> bool {
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
        self.variables[leaving] = variable;
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
    pub(super) fn point(&self, values: usize) -> Vec<f64> {
        let mut mixture = vec![0.0; values];
        let mut total = 0.0;
        for (variable, x) in self.variables.iter().zip(&self.x) {
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
