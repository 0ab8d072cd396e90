//! The levels that can be had nearest to a palette, in standard deviations: a point of least norm (Wolfe
//! 1976), with generated points.

use super::bounds::{Constraint, Constraints};
use super::problem::Problem;
use super::support::support;

/// Gap of the squared distance, relative to the sizes involved, at which a point counts as nearest.
const GAP: f64 = 1e-15;
const MOST_STEPS: usize = 2000;

/// For every constraint the shortfall u ≥ 0 (for an equality of either sign) of least ‖u‖ such that sign·v ≥
/// target − u for some levels v that can be had.
///
/// Over x = sign·v − target − surplus, v ∈ Y, surplus ≥ 0 on inequalities, x = −u is the point nearest to the
/// origin. It is kept as a mixture of few supporting rows and the surplus coordinates on which x is 0; each
/// step adds the row that most improves it, found by a pass over the table.
pub(super) fn shortfalls(problem: &Problem, constraints: &Constraints) -> Vec<f64> {
    let all = &constraints.all;
    // Constraints that belong to the problem weigh so much that they are not given up.
    let weight = |c: &Constraint| if c.fixed { 1e6 } else { 1.0 };
    let coordinates = |point: &[f64]| -> Vec<f64> {
        all.iter().map(|c| weight(c) * (c.sign * point[c.column] - c.target)).collect()
    };
    let mut points = vec![coordinates(&problem.base)];
    let mut alpha = vec![1.0];
    let mixed = |points: &[Vec<f64>], alpha: &[f64]| -> Vec<f64> {
        (0..all.len()).map(|p| points.iter().zip(alpha).map(|(g, a)| a * g[p]).sum()).collect()
    };
    let mut surplus: Vec<bool> =
        mixed(&points, &alpha).iter().zip(all).map(|(x, c)| !c.equality && *x > 0.0).collect();
    let mut x = vec![0.0; all.len()];
    for _ in 0..MOST_STEPS {
        // Inner loop: to the nearest point of the affine hull over the coordinates that count, dropping what
        // would turn negative.
        for _ in 0..4 * (all.len() + points.len()) + 10 {
            let goal = affine_minimiser(&points, &surplus);
            let (now, then) = (mixed(&points, &alpha), mixed(&points, &goal));
            let mut step = 1.0;
            let mut hit = None;
            for k in 0..alpha.len() {
                if goal[k] < 0.0 {
                    let share = alpha[k] / (alpha[k] - goal[k]);
                    if share < step {
                        (step, hit) = (share, Some((true, k)));
                    }
                }
            }
            for p in (0..all.len()).filter(|&p| surplus[p]) {
                if then[p] < 0.0 {
                    let share = now[p].max(0.0) / (now[p].max(0.0) - then[p]);
                    if share < step {
                        (step, hit) = (share, Some((false, p)));
                    }
                }
            }
            for (a, g) in alpha.iter_mut().zip(&goal) {
                *a += step * (g - *a);
            }
            match hit {
                None => break,
                Some((true, k)) => {
                    alpha.remove(k);
                    points.remove(k);
                }
                Some((false, p)) => surplus[p] = false,
            }
        }
        let total: f64 = alpha.iter().sum();
        alpha.iter_mut().for_each(|a| *a /= total);
        let mixture = mixed(&points, &alpha);
        x = mixture.iter().zip(&surplus).map(|(x, s)| if *s { 0.0 } else { *x }).collect();
        // An inequality that is more than met lets its surplus grow.
        let worst = (0..all.len())
            .filter(|&p| !surplus[p] && !all[p].equality && x[p] > 1e-13)
            .max_by(|a, b| x[*a].total_cmp(&x[*b]));
        if let Some(p) = worst {
            surplus[p] = true;
            continue;
        }
        let mut direction = vec![0.0; problem.values()];
        for (constraint, x) in all.iter().zip(&x) {
            direction[constraint.column] -= weight(constraint) * constraint.sign * x;
        }
        let (_, point) = support(problem, &direction);
        let candidate = coordinates(&point);
        let norm: f64 = x.iter().map(|x| x * x).sum();
        let along: f64 = x.iter().zip(&candidate).map(|(x, g)| x * g).sum();
        let size: f64 = x.iter().zip(&candidate).map(|(x, g)| (x * g).abs()).sum::<f64>() + norm;
        if norm - along <= GAP * size || norm <= 1e-26 || points.contains(&candidate) {
            break;
        }
        points.push(candidate);
        alpha.push(0.0);
    }
    x.iter()
        .zip(all)
        .map(|(x, c)| {
            if c.fixed {
                0.0
            } else if c.equality {
                -x
            } else {
                (-x).max(0.0)
            }
        })
        .collect()
}

/// The mixture (summing to 1, of any sign) of `points` with the least norm over the coordinates that are not
/// `left_out`: least squares on the differences from the first point, by Gram and Schmidt's orthogonalisation
/// (twice, which is enough). A dependent point gets no share.
fn affine_minimiser(points: &[Vec<f64>], left_out: &[bool]) -> Vec<f64> {
    let k = points.len() - 1;
    let counts: Vec<usize> = (0..left_out.len()).filter(|&p| !left_out[p]).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut rest: Vec<f64> = counts.iter().map(|&p| points[0][p]).collect();
    // Columns of Q, and for each the place and the row of R.
    let mut basis: Vec<(usize, Vec<f64>)> = Vec::new();
    let mut r = vec![vec![0.0; k]; k];
    for i in 0..k {
        let mut d: Vec<f64> = counts.iter().map(|&p| points[i + 1][p] - points[0][p]).collect();
        let size = dot(&d, &d).sqrt();
        for _ in 0..2 {
            for (at, q) in &basis {
                let along = dot(q, &d);
                r[*at][i] += along;
                d.iter_mut().zip(q).for_each(|(d, q)| *d -= along * q);
            }
        }
        let left = dot(&d, &d).sqrt();
        if left > 1e-13 * size && left > 0.0 {
            d.iter_mut().for_each(|d| *d /= left);
            r[i][i] = left;
            basis.push((i, d));
        }
    }
    let mut beta = vec![0.0; k];
    let mut goal = vec![0.0; k];
    for _ in 0..2 {
        for (at, q) in &basis {
            let along = dot(q, &rest);
            goal[*at] -= along;
            rest.iter_mut().zip(q).for_each(|(x, q)| *x -= along * q);
        }
    }
    for (at, _) in basis.iter().rev() {
        let known: f64 = (at + 1..k).map(|j| r[*at][j] * beta[j]).sum();
        beta[*at] = (goal[*at] - known) / r[*at][*at];
    }
    let mut alpha = vec![1.0 - beta.iter().sum::<f64>()];
    alpha.extend(beta);
    alpha
}
