//! Columns that move together: the directions of λ that change no weights, and the λ of least norm along
//! them.

use super::bounds::Constraints;
use super::dual;
use super::linalg::eigen;
use super::problem::Problem;
use ndarray::Array2;

/// Share of the largest eigenvalue of the base covariance below which a combination of columns counts as
/// constant in every group.
const CONSTANT: f64 = 1e-13;
/// Share of an eigenvector (against its largest entry) at which a column belongs to it.
const PART_OF: f64 = 1e-5;

/// Directions over `columns` (unit vectors, standardised) along which no answer of a group differs
/// from another.
fn directions(problem: &Problem, columns: &[usize]) -> Vec<Vec<f64>> {
    if columns.is_empty() {
        return Vec::new();
    }
    let covariance = dual::at_base(problem, columns).covariance;
    // One group alone has covariances of about 1; with several the spread within groups may be less.
    let (values, vectors) = eigen(&covariance);
    let largest = values.iter().copied().fold(0.0, f64::max);
    values
        .iter()
        .zip(vectors.rows())
        .filter(|(value, _)| **value <= CONSTANT * largest.max(1.0))
        .map(|(_, v)| v.to_vec())
        .collect()
}

/// Sets of columns among `columns` (indices) of which one is a combination of the others within every group,
/// up to rounding; a set of one cannot move at all within any group. Where a palette bounds all columns of a
/// set λ is not unique, and [`solve`](crate::solve()) gives the one of least norm (per standard deviation).
/// Constant columns belong to none.
pub fn sets(problem: &Problem, columns: &[usize]) -> Vec<Vec<usize>> {
    let columns: Vec<usize> =
        columns.iter().copied().filter(|&i| problem.standard_deviation(i) > 0.0).collect();
    let null = directions(problem, &columns);
    // Columns that share a direction belong together: the entries of the projector tell, whatever basis the
    // directions are in.
    let k = columns.len();
    let mut set: Vec<usize> = (0..k).collect();
    let projector = |i: usize, j: usize| null.iter().map(|v| v[i] * v[j]).sum::<f64>();
    for i in 0..k {
        for j in 0..i {
            if projector(i, j).abs() > PART_OF && set[i] != set[j] {
                let (from, to) = (set[i].max(set[j]), set[i].min(set[j]));
                set.iter_mut().filter(|s| **s == from).for_each(|s| *s = to);
            }
        }
    }
    (0..k)
        .filter(|&i| set[i] == i && projector(i, i) > PART_OF)
        .map(|i| {
            (0..k)
                .filter(|&j| set[j] == i && projector(j, j) > PART_OF * PART_OF)
                .map(|j| columns[j])
                .collect()
        })
        .collect()
}

/// Among the multipliers with the same weights and the same g as `mu`, those whose λ has the least norm.
/// `None` where they are unique.
pub(super) fn least_norm(problem: &Problem, constraints: &Constraints, mu: &[f64]) -> Option<Vec<f64>> {
    let null = directions(problem, &constraints.columns);
    if null.is_empty() {
        return None;
    }
    let k = constraints.columns.len();
    let place = |column: usize| constraints.columns.binary_search(&column).unwrap_or_default();
    let mut lambda = vec![0.0; k];
    let (mut low, mut high) = (vec![0.0; k], vec![0.0; k]);
    // Targets of the side that λ is on; along a direction of equal weights g changes with these alone.
    let mut target = vec![[None; 2]; k];
    for (constraint, mu) in constraints.all.iter().zip(mu) {
        let i = place(constraint.column);
        lambda[i] += constraint.sign * mu;
        if constraint.equality || constraint.sign > 0.0 {
            high[i] = f64::INFINITY;
            target[i][1] = Some(constraint.target);
        }
        if constraint.equality || constraint.sign < 0.0 {
            low[i] = f64::NEG_INFINITY;
            target[i][0] = Some(if constraint.equality { constraint.target } else { -constraint.target });
        }
    }
    // A side for every column: that of λ, else the only one, else (a range with λ = 0) none.
    let mut level = vec![0.0; k];
    for i in 0..k {
        if lambda[i] > 0.0 {
            low[i] = low[i].max(if target[i][0] == target[i][1] { f64::NEG_INFINITY } else { 0.0 });
        } else if lambda[i] < 0.0 {
            high[i] = high[i].min(if target[i][0] == target[i][1] { f64::INFINITY } else { 0.0 });
        } else if target[i][0].is_some() && target[i][1].is_some() && target[i][0] != target[i][1] {
            (low[i], high[i]) = (0.0, 0.0);
        }
        level[i] = if high[i] > 0.0 { target[i][1] } else { target[i][0] }.unwrap_or(0.0);
    }
    // Along a null direction d the scores change by d·z, constant within each group: g changes by d·level − Σ
    // π d·z̄. Only where that is 0 is g kept.
    let base: Vec<f64> = constraints.columns.iter().map(|&i| problem.base[i]).collect();
    let gain = |d: &[f64]| (0..k).map(|i| d[i] * (level[i] - base[i])).sum::<f64>();
    let gains: Vec<f64> = null.iter().map(|d| gain(d)).collect();
    let steepest = gains.iter().map(|g| g * g).sum::<f64>().sqrt();
    let mut free: Vec<Vec<f64>> = null;
    if steepest > 1e-9 {
        // Take the direction of gain out of the span, by Gram and Schmidt against it.
        let along: Vec<f64> =
            (0..k).map(|i| free.iter().zip(&gains).map(|(d, g)| d[i] * g / steepest).sum()).collect();
        let mut kept: Vec<Vec<f64>> = Vec::new();
        for d in &free {
            let mut rest = d.clone();
            for other in std::iter::once(&along).chain(&kept) {
                let dot: f64 = rest.iter().zip(other).map(|(a, b)| a * b).sum();
                rest.iter_mut().zip(other).for_each(|(r, o)| *r -= dot * o);
            }
            let norm = rest.iter().map(|x| x * x).sum::<f64>().sqrt();
            if norm > 1e-6 {
                rest.iter_mut().for_each(|x| *x /= norm);
                kept.push(rest);
            }
        }
        free = kept;
    }
    if free.is_empty() {
        return None;
    }
    let least = project(&lambda, &free, &low, &high);
    Some(
        constraints
            .all
            .iter()
            .map(|c| {
                let l = least[place(c.column)];
                if c.equality { c.sign * l } else { (c.sign * l).max(0.0) }
            })
            .collect(),
    )
}

/// argmin ‖x‖ over x ∈ start + span(`directions`, orthonormal), low ≤ x ≤ high, by an active set of bounds at
/// 0.
fn project(start: &[f64], directions: &[Vec<f64>], low: &[f64], high: &[f64]) -> Vec<f64> {
    let k = start.len();
    let mut x = start.to_vec();
    let mut held: Vec<usize> = (0..k).filter(|&i| low[i] == 0.0 && high[i] == 0.0).collect();
    for _ in 0..4 * k + 4 {
        // Directions within the span that leave the held entries alone.
        let reduced = orthogonal_to(directions, &held);
        // The least norm over them, from x.
        let mut goal = x.clone();
        for d in &reduced {
            let dot: f64 = d.iter().zip(&x).map(|(a, b)| a * b).sum();
            goal.iter_mut().zip(d).for_each(|(g, d)| *g -= dot * d);
        }
        let mut step = 1.0;
        let mut hit = None;
        for i in (0..k).filter(|i| !held.contains(i)) {
            let bound = if goal[i] < low[i] {
                low[i]
            } else if goal[i] > high[i] {
                high[i]
            } else {
                continue;
            };
            let share = ((bound - x[i]) / (goal[i] - x[i])).clamp(0.0, 1.0);
            if share < step || hit.is_none() {
                (step, hit) = (f64::min(step, share), Some((i, bound)));
            }
        }
        for i in 0..k {
            x[i] += step * (goal[i] - x[i]);
        }
        if let Some((i, bound)) = hit {
            x[i] = bound;
            held.push(i);
            continue;
        }
        // Would letting go of a held entry shorten x? The gradient of ½‖x‖² within the span tells.
        let release = held.iter().copied().filter(|&i| low[i] != high[i]).find(|&i| {
            let without: Vec<usize> = held.iter().copied().filter(|&h| h != i).collect();
            let mut change = vec![0.0; k];
            for d in orthogonal_to(directions, &without) {
                let dot: f64 = d.iter().zip(&x).map(|(a, b)| a * b).sum();
                change.iter_mut().zip(&d).for_each(|(c, d)| *c -= dot * d);
            }
            (x[i] <= low[i] && change[i] > 1e-12) || (x[i] >= high[i] && change[i] < -1e-12)
        });
        match release {
            Some(i) => held.retain(|&h| h != i),
            None => break,
        }
    }
    x
}

/// An orthonormal basis of those in span(`directions`) that are 0 at the entries `held`.
fn orthogonal_to(directions: &[Vec<f64>], held: &[usize]) -> Vec<Vec<f64>> {
    let n = directions.len();
    if held.is_empty() {
        return directions.to_vec();
    }
    let gram = Array2::from_shape_fn((n, n), |(a, b)| {
        held.iter().map(|&i| directions[a][i] * directions[b][i]).sum::<f64>()
    });
    let (values, vectors) = eigen(&gram);
    values
        .iter()
        .zip(vectors.rows())
        .filter(|(value, _)| **value < 1e-10)
        .map(|(_, v)| {
            (0..directions[0].len()).map(|i| directions.iter().zip(v).map(|(d, v)| d[i] * v).sum()).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Bounds;
    use crate::solver::solve;

    fn table() -> Array2<f64> {
        Array2::from_shape_fn((40, 4), |(j, i)| {
            let (a, b) = ((j as f64 * 1.3).sin(), (j as f64 * 0.7).cos());
            match i {
                0 => a,
                1 => 5.0 * a + 2.0,
                2 => b,
                _ => a + b,
            }
        })
    }

    #[test]
    fn copies_share_the_weight() {
        let problem = Problem::new(table(), &[40]).expect("a good table");
        let level = |i: usize, sd: f64| problem.mean(i) + sd * problem.standard_deviation(i);
        let alone =
            solve(&problem, &[Bounds::at_least(level(0, 0.5)), Bounds::OFF, Bounds::OFF, Bounds::OFF], None);
        let both = solve(
            &problem,
            &[Bounds::at_least(level(0, 0.5)), Bounds::at_least(level(1, 0.5)), Bounds::OFF, Bounds::OFF],
            None,
        );
        assert!((both.standardised[0] - 0.5 * alone.standardised[0]).abs() < 1e-9);
        assert!((both.standardised[1] - both.standardised[0]).abs() < 1e-9);
        // A copy with a lower bound of its own carries none of it.
        let less = solve(
            &problem,
            &[Bounds::at_least(level(0, 0.5)), Bounds::at_least(level(1, 0.3)), Bounds::OFF, Bounds::OFF],
            None,
        );
        assert!((less.standardised[0] - alone.standardised[0]).abs() < 1e-9 && less.standardised[1] == 0.0);
    }

    #[test]
    fn collinear_sets_are_named() {
        let problem = Problem::new(table(), &[40]).expect("a good table");
        assert_eq!(sets(&problem, &[0, 1]), vec![vec![0, 1]]);
        assert_eq!(sets(&problem, &[0, 2, 3]), vec![vec![0, 2, 3]]);
        assert!(sets(&problem, &[0, 2]).is_empty());
        // Alternating rows in groups of one: nothing moves within a group.
        let alone = Problem::new(table(), &[1; 40]).expect("a good table");
        assert_eq!(sets(&alone, &[0]), vec![vec![0]]);
    }

    #[test]
    fn least_norm_beats_every_other_solution() {
        let problem = Problem::new(table(), &[40]).expect("a good table");
        let bounds: Vec<Bounds> = [0.4, 0.4, 0.2, 0.3]
            .iter()
            .enumerate()
            .map(|(i, t)| {
                let level = problem.mean(i) + t * problem.standard_deviation(i);
                if i == 3 { Bounds::OFF } else { Bounds::at_least(level) }
            })
            .collect();
        let found = solve(&problem, &bounds, None);
        assert!(found.converged());
        let norm = |l: &[f64]| l.iter().map(|x| x * x).sum::<f64>();
        // Any other split between the copies has the same weights and a larger norm.
        for shift in [-0.1, 0.1] {
            let mut other = found.standardised.clone();
            other[0] += shift;
            other[1] -= shift;
            assert!(norm(&other) > norm(&found.standardised));
        }
    }
}
