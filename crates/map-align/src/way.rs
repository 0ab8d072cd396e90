//! How far some targets can go together while the others hold, and whether a few of them already exclude one
//! another.

use super::assess::{Certificate, EDGE, certificate, meets};
use super::bounds::{Bounds, Constraints, Stuck};
use super::problem::Problem;
use super::reach;
use super::simplex::VertexPool;

/// The proof that `bounds` are out of reach, where linear programming finds one; arguments as for
/// [`assess`](crate::assess()). Cheaper than that: nothing is solved.
///
/// # Panics
/// When there are more bounds than columns.
pub fn excluded(problem: &Problem, pool: &mut VertexPool, bounds: &[Bounds]) -> Option<Certificate> {
    let constraints = Constraints::new(problem, bounds);
    if let Some(Stuck { column, sign, excess }) = constraints.stuck {
        let mut direction = vec![0.0; problem.values()];
        direction[column] = sign;
        return Some(Certificate { direction, asked: excess, best: 0.0 });
    }
    let found = reach::slack(problem, pool, &constraints.all, None)?;
    (found.upper < -EDGE).then(|| certificate(problem, &found))
}

/// `bounds` with those of `columns` only `share` of the way from the base means.
///
/// # Panics
/// When a column has no bounds.
pub fn part_of_way(problem: &Problem, bounds: &[Bounds], columns: &[usize], share: f64) -> Vec<Bounds> {
    let mut part = bounds.to_vec();
    for &i in columns {
        // The whole way ends at the bound, not beside it.
        let along = |c: f64| if share == 1.0 { c } else { problem.mean(i) + share * (c - problem.mean(i)) };
        part[i] = part[i].map(along);
    }
    part
}

/// The largest share, up to `most`, of the way from the base means to their bounds that `columns` can go
/// together while the other bounds hold. Exact to about 1e-9 of the way.
///
/// `None` when the others cannot be met with these at the base. Where nothing of `columns` asks for a way of its
/// own the share is `most`; where one of them never varies and asks for another level it is 0.
///
/// # Panics
/// When there are more bounds than columns, or a column has no bounds.
pub fn share_of_way(
    problem: &Problem,
    pool: &mut VertexPool,
    bounds: &[Bounds],
    columns: &[usize],
    most: f64,
) -> Option<f64> {
    let at_base = Constraints::new(problem, &part_of_way(problem, bounds, columns, 0.0));
    if at_base.stuck.is_some() {
        return None;
    }
    let start = meets(problem, pool, &at_base.all)?;
    let constraints = Constraints::new(problem, bounds);
    if constraints.stuck.is_some() {
        return Some(0.0);
    }
    let moving = |i: usize| columns.contains(&i);
    let found = reach::ray_beside(problem, pool, &constraints.all, &moving, most, &start);
    Some(found.tau().clamp(0.0, most))
}

/// The rows of the table that lie highest along d (per standard deviation of each column, as in a
/// [`Certificate`]), at most `most` of them, the highest first, each with d·(r − base mean) in standard
/// deviations.
pub fn highest_along(problem: &Problem, direction: &[f64], most: usize) -> Vec<(usize, f64)> {
    let mut along = vec![0.0; problem.rows()];
    for (i, d) in direction.iter().enumerate().filter(|(_, d)| **d != 0.0) {
        along.iter_mut().zip(problem.column(i)).for_each(|(sum, z)| *sum += d * z);
    }
    let mut order: Vec<usize> = (0..along.len()).collect();
    // Ties stand as in the table.
    let by = |a: &usize, b: &usize| along[*b].total_cmp(&along[*a]).then(a.cmp(b));
    if order.len() > most {
        order.select_nth_unstable_by(most, by);
        order.truncate(most);
    }
    order.sort_by(by);
    order.into_iter().map(|j| (problem.table_row(j), along[j])).collect()
}
