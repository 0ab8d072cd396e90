//! The dual's maximiser by an active-set Newton method.
//!
//! Each step maximises the quadratic model of g over the signs of the multipliers exactly, then searches
//! along the line to that maximiser. Zeros of λ are therefore exact, and near the solution the step is
//! Newton's.

use super::bounds::{Constraint, Constraints};
use super::dual;
use super::problem::Problem;
use super::qp;
use ndarray::Array2;
use std::cell::Cell;

/// Residual at which a solution counts as met, in standard deviations.
pub const TOLERANCE: f64 = 1e-9;
/// Newton steps after which the solver gives up.
pub const MOST_ITERATIONS: usize = 300;

/// Why [`solve`](crate::solve()) ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The optimality conditions hold within [`TOLERANCE`].
    Converged,
    /// The dual exceeded the largest KL divergence that any weighting can have
    /// ([`Problem::largest_kl`]): none meets the bounds.
    Exceeded,
    /// No step improves on λ within floating point.
    Stalled,
    /// [`MOST_ITERATIONS`] steps were made.
    OutOfSteps,
}

/// The ascent of g over the multipliers of one palette.
pub(super) struct Ascent<'a> {
    pub problem: &'a Problem,
    pub constraints: &'a Constraints,
    pub ridge: f64,
    pub limit: f64,
    /// Passes over the rows so far.
    pub passes: Cell<usize>,
}

/// The dual at one λ, in the order of [`Constraints::columns`].
pub(super) struct Located {
    pub log_partition: f64,
    /// E_w z of every column there.
    pub levels: Vec<f64>,
    /// The places of the columns that `covariance` is about. A constraint that is far from binding is left
    /// out of it until it comes near.
    pub curved: Vec<usize>,
    /// −∇² over `curved`.
    pub covariance: Array2<f64>,
}

/// A bound this far from binding (standard deviations) needs no curvature: it is looked at again after every
/// step.
const DORMANT: f64 = 0.1;
/// A residual (standard deviations) from which Newton's method ends in one or two steps whatever the
/// curvature does on the way.
const NEAR: f64 = 1e-4;
/// A variance this small beside the squared level loses too many figures unless the column is centred first.
const CENTRE_BELOW: f64 = 1e-4;

impl Ascent<'_> {
    /// λ of [`Constraints::columns`].
    fn lambda(&self, mu: &[f64]) -> Vec<f64> {
        let mut lambda = vec![0.0; self.constraints.columns.len()];
        for (constraint, mu) in self.constraints.all.iter().zip(mu) {
            lambda[self.place(constraint)] += constraint.sign * mu;
        }
        lambda
    }

    fn count_pass(&self) {
        self.passes.set(self.passes.get() + 1);
    }

    /// Where the column of a constraint stands among [`Constraints::columns`].
    pub(crate) fn place(&self, constraint: &Constraint) -> usize {
        self.constraints.columns.binary_search(&constraint.column).unwrap_or_default()
    }

    /// Constraints that belong to the problem have no ridge: they are not given up.
    fn ridge_on(&self, constraint: &Constraint) -> f64 {
        if constraint.fixed { 0.0 } else { self.ridge }
    }

    /// All places.
    pub(crate) fn everything(&self) -> Vec<usize> {
        (0..self.constraints.columns.len()).collect()
    }

    /// The dual at `mu` with the covariance of the places `curved`, which must have every λ ≠ 0 among them.
    /// `near` is a point nearby. `ending` says that the steps converge fast already.
    pub(crate) fn locate(
        &self,
        mu: &[f64],
        curved: &[usize],
        near: Option<&Located>,
        ending: bool,
    ) -> Located {
        let lambda = self.lambda(mu);
        let mut order = curved.to_vec();
        order.extend((0..lambda.len()).filter(|p| !curved.contains(p)));
        let columns: Vec<usize> = order.iter().map(|&p| self.constraints.columns[p]).collect();
        let along: Vec<f64> = curved.iter().map(|&p| lambda[p]).collect();
        let narrow = |near: &&Located| {
            let flat =
                |(&p, variance): (&usize, &f64)| *variance < CENTRE_BELOW * (1.0 + near.levels[p].powi(2));
            near.curved.iter().zip(near.covariance.diag()).any(flat)
        };
        // So near to the solution the curvature of the point before is as good, and half of the pass is
        // saved.
        let borrowed = near.filter(|n| ending && n.curved == curved).map(|n| &n.covariance);
        let centre: Option<Vec<f64>> =
            near.filter(narrow).map(|near| order.iter().map(|&p| near.levels[p]).collect());
        let point = if mu.iter().all(|m| *m == 0.0) {
            dual::at_base(self.problem, &columns)
        } else {
            self.count_pass();
            let bent = if borrowed.is_some() { 0 } else { curved.len() };
            dual::point(self.problem, &columns, bent, &along, centre.as_deref())
        };
        let k = curved.len();
        let mut levels = vec![0.0; order.len()];
        order.iter().zip(&point.levels).for_each(|(&p, z)| levels[p] = *z);
        let covariance = match borrowed {
            Some(covariance) => covariance.clone(),
            None if point.covariance.nrows() == k => point.covariance,
            None => point.covariance.slice(ndarray::s![..k, ..k]).to_owned(),
        };
        Located { log_partition: point.log_partition, levels, curved: curved.to_vec(), covariance }
    }

    /// g, from the log partition function.
    pub(crate) fn value(&self, mu: &[f64], log_partition: f64) -> f64 {
        self.constraints.all.iter().zip(mu).map(|(c, mu)| c.target * mu).sum::<f64>()
            - log_partition
            - 0.5 * self.constraints.all.iter().zip(mu).map(|(c, m)| self.ridge_on(c) * m * m).sum::<f64>()
    }

    fn gradient(&self, mu: &[f64], at: &Located) -> Vec<f64> {
        let slope = |(c, mu): (&Constraint, &f64)| {
            c.target - c.sign * at.levels[self.place(c)] - self.ridge_on(c) * mu
        };
        self.constraints.all.iter().zip(mu).map(slope).collect()
    }

    pub(crate) fn residual(&self, mu: &[f64], at: &Located) -> f64 {
        let gradient = self.gradient(mu, at);
        (self.constraints.all.iter().zip(mu).zip(gradient))
            .map(
                |((constraint, mu), gap)| {
                    if constraint.equality || *mu > 0.0 { gap.abs() } else { gap.max(0.0) }
                },
            )
            .fold(0.0, f64::max)
    }

    /// The places that matter at `mu`: λ ≠ 0, an equality, or a bound that is binding or nearly so.
    fn awake(&self, mu: &[f64], gradient: &[f64]) -> Vec<usize> {
        let mut awake: Vec<usize> = (self.constraints.all.iter().zip(mu).zip(gradient))
            .filter(|((c, mu), gap)| c.equality || **mu != 0.0 || **gap > -DORMANT)
            .map(|((c, _), _)| self.place(c))
            .collect();
        awake.dedup();
        awake
    }

    /// Ascends from `mu`, which becomes the best found; returns the point there, the number of steps and why
    /// it ended.
    pub(crate) fn run(&self, mu: &mut Vec<f64>) -> (Located, usize, Status) {
        let start = if mu.iter().all(|m| *m == 0.0) {
            self.everything()
        } else {
            self.awake(mu, &vec![f64::NEG_INFINITY; mu.len()])
        };
        let mut at = self.locate(mu, &start, None, false);
        let mut before = f64::INFINITY;
        let mut iterations = 0;
        loop {
            let gap = self.residual(mu, &at);
            // Once within tolerance, go on only while Newton's method still converges fast: rounding sets the
            // end.
            if gap <= TOLERANCE * 1e-3 || (gap <= TOLERANCE && gap > 0.5 * before) {
                return (at, iterations, Status::Converged);
            }
            // A small residual alone is no sign of it: far down a heavy tail all residuals are small.
            let ending = gap < NEAR && gap < 0.1 * before;
            before = gap;
            let value = self.value(mu, at.log_partition);
            if value > self.limit {
                return (at, iterations, Status::Exceeded);
            }
            if iterations == MOST_ITERATIONS {
                return (at, iterations, Status::OutOfSteps);
            }
            let gradient = self.gradient(mu, &at);
            let missing = |(c, gap): (&Constraint, &f64)| *gap > 0.0 && !at.curved.contains(&self.place(c));
            if self.constraints.all.iter().zip(&gradient).any(missing) {
                // A bound that was far from binding is missed now.
                at = self.locate(mu, &self.awake(mu, &gradient), Some(&at), false);
            }
            let Some((next, point)) = self.step(mu, &at, value, gap, ending) else {
                return (at, iterations, Status::Stalled);
            };
            iterations += 1;
            (*mu, at) = (next, point);
        }
    }

    /// One Newton step with line search; `None` when no step improves on `mu` within floating point.
    fn step(
        &self,
        mu: &[f64],
        at: &Located,
        value: f64,
        gap: f64,
        ending: bool,
    ) -> Option<(Vec<f64>, Located)> {
        let all = &self.constraints.all;
        let gradient = self.gradient(mu, at);
        // The quadratic model is over the constraints whose curvature is known; the others stay at 0.
        let known: Vec<(usize, usize)> = (0..all.len())
            .filter_map(|p| at.curved.iter().position(|c| *c == self.place(&all[p])).map(|at| (p, at)))
            .collect();
        let hessian = Array2::from_shape_fn((known.len(), known.len()), |(a, b)| {
            let ((p, i), (q, j)) = (known[a], known[b]);
            all[p].sign * all[q].sign * at.covariance[[i, j]]
                + if p == q { self.ridge_on(&all[p]) } else { 0.0 }
        });
        let restricted = |x: &[f64]| -> Vec<f64> { known.iter().map(|(p, _)| x[*p]).collect() };
        let known_constraints: Vec<Constraint> = known.iter().map(|(p, _)| all[*p]).collect();
        let (known_mu, known_gradient) = (restricted(mu), restricted(&gradient));
        // Rounding of g: its summands can be far larger than their sum.
        let summands: f64 = all.iter().zip(mu).map(|(c, mu)| (c.target * mu).abs()).sum();
        let noise = 8.0 * f64::EPSILON * (1.0 + value.abs() + at.log_partition.abs() + summands);
        // Damping keeps the quadratic model honest where the covariance has collapsed (weights nearly on one
        // answer).
        let mut damping = 0.0;
        let mut stretched = self.stretched(&known_constraints, &known_gradient, at);
        for _ in 0..13 {
            let mut goal = mu.to_vec();
            let stretch = stretched.take();
            let found = qp::maximise(
                &hessian,
                &known_constraints,
                &known_mu,
                stretch.as_deref().unwrap_or(&known_gradient),
                damping,
            );
            known.iter().zip(found).for_each(|((p, _), y)| goal[*p] = y);
            let direction: Vec<f64> = goal.iter().zip(mu).map(|(g, m)| g - m).collect();
            let slope: f64 = direction.iter().zip(&gradient).map(|(d, g)| d * g).sum();
            if slope.is_finite() && slope > 0.0 {
                let mut length = 1.0;
                for _ in 0..if stretch.is_some() { 1 } else { 30 } {
                    let next: Vec<f64> = if length == 1.0 {
                        goal.clone()
                    } else {
                        let moved = |((m, d), c): ((&f64, &f64), &Constraint)| {
                            if c.equality { m + length * d } else { (m + length * d).max(0.0) }
                        };
                        mu.iter().zip(&direction).zip(all).map(moved).collect()
                    };
                    let awake = self.awake(&next, &gradient);
                    // The whole step mostly holds, so its derivatives are taken in the same pass.
                    let whole = (length == 1.0).then(|| self.locate(&next, &awake, Some(at), ending));
                    let log_partition = match &whole {
                        Some(point) => point.log_partition,
                        None => {
                            self.count_pass();
                            dual::log_partition(self.problem, &self.constraints.columns, &self.lambda(&next))
                        }
                    };
                    let reached = self.value(&next, log_partition);
                    let point = |whole: Option<Located>| {
                        whole.unwrap_or_else(|| self.locate(&next, &awake, Some(at), ending))
                    };
                    // Where g no longer resolves the step, the residual still does.
                    if 1e-4 * length * slope > noise {
                        if reached >= value + 1e-4 * length * slope {
                            let point = point(whole);
                            return Some((next, point));
                        }
                    } else if reached >= value - noise {
                        let point = point(whole);
                        if self.residual(&next, &point) < 0.9 * gap {
                            return Some((next, point));
                        }
                    }
                    length *= 0.5;
                }
            }
            if stretch.is_none() {
                damping = if damping == 0.0 { 1e-10 } else { damping * 100.0 };
            }
        }
        None
    }

    /// Gaps as Newton's method should see them where levels near the end of what a column can have on its
    /// own: there the level approaches its end exponentially in λ, a Newton step covers one e-fold however
    /// many are needed, and Newton's method on the logarithm of the distance to the end, ln(end − level),
    /// covers them at once. `None` where that makes no difference.
    fn stretched(&self, constraints: &[Constraint], gaps: &[f64], at: &Located) -> Option<Vec<f64>> {
        /// Gaps are never stretched beyond this.
        const MOST: f64 = 4.0;
        let stretch = |(c, gap): (&Constraint, &f64)| {
            let [low, high] = self.problem.extremes(c.column);
            let level = c.sign * at.levels[self.place(c)];
            let end = if c.sign > 0.0 { high } else { -low };
            let share = gap / (end - level);
            if *gap <= 0.0 {
                1.0
            } else if share < 1.0 {
                (-(-share).ln_1p() / share).min(MOST)
            } else {
                MOST
            }
        };
        let factors: Vec<f64> = constraints.iter().zip(gaps).map(stretch).collect();
        factors.iter().any(|f| *f > 1.1).then(|| gaps.iter().zip(factors).map(|(g, f)| g * f).collect())
    }
}
