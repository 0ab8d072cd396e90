//! How far levels can go: the slack of a palette, the range of one value, the largest share of a way.
//!
//! By duality of linear programming the slack, the most by which every bound can be tightened at once, is
//!
//! > t* = min over d ≥ 0, Σ d = 1 of φ(d) − d·c, with φ of `support`,
//!
//! and t* < 0 is a proof that the palette is out of reach: along d it asks for more than even the best
//! answers give. Other normalisations of d give the other questions. All are answered by `simplex`.

use super::bounds::{Constraint, Constraints};
use super::problem::Problem;
use super::simplex::{Optimum, Row, VertexPool, maximise};

/// The rows of the constraints, an equality as two; `normal` of each.
fn rows(constraints: &[Constraint], normal: impl Fn(&Constraint) -> f64) -> Vec<Row> {
    let mut rows = Vec::with_capacity(constraints.len() + 1);
    for constraint in constraints {
        let row = Row {
            column: Some(constraint.column),
            sign: constraint.sign,
            and: None,
            normal: normal(constraint),
            rhs: constraint.target,
        };
        rows.push(row);
        if constraint.equality {
            rows.push(Row { sign: -row.sign, rhs: -row.rhs, ..row });
        }
    }
    rows
}

/// t* with every bound, equalities too, relaxed alike; `None` without a constraint. At a lower bound above
/// `enough` the search ends.
pub(super) fn slack(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &[Constraint],
    enough: Option<f64>,
) -> Option<Optimum> {
    if constraints.iter().all(|c| c.fixed) {
        return None;
    }
    // Constraints that belong to the problem hold at the base, and stay; only in a resample they may not.
    let held = |c: &Constraint| c.fixed && (c.sign * problem.base[c.column] - c.target).abs() < 1e-11;
    Some(maximise(
        problem,
        pool,
        &rows(constraints, |c| if held(c) { 0.0 } else { 1.0 }),
        &problem.base,
        enough,
    ))
}

/// t* with the equalities held, from a point that meets every bound. `None` without an inequality.
pub(super) fn slack_of_inequalities(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &Constraints,
    start: &[f64],
) -> Option<Optimum> {
    if constraints.all.iter().all(|c| c.equality) {
        return None;
    }
    Some(maximise(
        problem,
        pool,
        &rows(&constraints.all, |c| if c.equality { 0.0 } else { 1.0 }),
        start,
        None,
    ))
}

/// The largest ρ, up to `most`, such that every level can be base + ρ(bound − base).
pub(super) fn ray(problem: &Problem, pool: &mut VertexPool, constraints: &Constraints, most: f64) -> Optimum {
    let base = |row: &Row| row.column.map_or(0.0, |c| row.sign * problem.base[c]);
    let mut rows = rows(&constraints.all, |_| 0.0);
    for row in &mut rows {
        row.normal = row.rhs - base(row);
        row.rhs = base(row);
    }
    rows.push(Row { column: None, sign: 0.0, and: None, normal: 1.0, rhs: -most });
    maximise(problem, pool, &rows, &problem.base, None)
}

/// The largest level of column `i` (`sign` 1), or the negative of its smallest (`sign` −1), over all that
/// meets `constraints`, which `start` does.
pub(super) fn furthest(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &[Constraint],
    i: usize,
    sign: f64,
    start: &[f64],
) -> Optimum {
    let mut rows = rows(constraints, |_| 0.0);
    rows.push(Row { column: Some(i), sign, and: None, normal: 1.0, rhs: 0.0 });
    maximise(problem, pool, &rows, start, None)
}

/// The largest Σ factor·level of two columns over all that meets `constraints`, which `start` does.
pub(super) fn furthest_along(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &[Constraint],
    [(a, u), (b, v)]: [(usize, f64); 2],
    start: &[f64],
) -> Optimum {
    let mut rows = rows(constraints, |_| 0.0);
    rows.push(Row { column: Some(a), sign: u, and: Some((b, v)), normal: 1.0, rhs: 0.0 });
    maximise(problem, pool, &rows, start, None)
}

/// The largest ρ, up to `most`, such that every level of `moving` can be base + ρ(bound − base) while the other
/// constraints hold as they are. `start` meets those, and `moving` at the base.
pub(super) fn ray_beside(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &[Constraint],
    moving: &dyn Fn(usize) -> bool,
    most: f64,
    start: &[f64],
) -> Optimum {
    let mut rows = rows(constraints, |_| 0.0);
    for row in &mut rows {
        if let Some(column) = row.column.filter(|c| moving(*c)) {
            let base = row.sign * problem.base[column];
            (row.normal, row.rhs) = (row.rhs - base, base);
        }
    }
    rows.push(Row { column: None, sign: 0.0, and: None, normal: 1.0, rhs: -most });
    maximise(problem, pool, &rows, start, None)
}
