//! The bounds that a palette sets on each value, and the half-space constraints that the solver sees.

use super::problem::Problem;

/// Where the expectation of one column must lie, in its own unit. A palette is a list of these, one per
/// column. Both bounds equal ask for exactly that level; levels are finite, lower ≤ upper.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// E r ≥ lower.
    pub lower: Option<f64>,
    /// E r ≤ upper.
    pub upper: Option<f64>,
}

impl Bounds {
    /// No bound.
    pub const OFF: Bounds = Bounds { lower: None, upper: None };

    /// E r ≥ level.
    pub fn at_least(level: f64) -> Self {
        Bounds { lower: Some(level), upper: None }
    }

    /// E r ≤ level.
    pub fn at_most(level: f64) -> Self {
        Bounds { lower: None, upper: Some(level) }
    }

    /// E r = level.
    pub fn exactly(level: f64) -> Self {
        Bounds { lower: Some(level), upper: Some(level) }
    }

    /// lower ≤ E r ≤ upper.
    pub fn between(lower: f64, upper: f64) -> Self {
        Bounds { lower: Some(lower), upper: Some(upper) }
    }

    /// Whether there is no bound at all.
    pub fn is_off(&self) -> bool {
        self.lower.is_none() && self.upper.is_none()
    }

    /// The same bounds with `change` applied to each level, such as another unit.
    pub fn map(self, change: impl Fn(f64) -> f64) -> Self {
        Bounds { lower: self.lower.map(&change), upper: self.upper.map(&change) }
    }
}

/// One constraint sign·E z ≥ target on a column, standardised. Its multiplier μ is ≥ 0, or free for an
/// equality; λ = sign·μ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constraint {
    pub column: usize,
    /// 1 for a lower bound, −1 for an upper one.
    pub sign: f64,
    /// sign times the bound, in standard deviations from the base mean.
    pub target: f64,
    /// An equality.
    pub equality: bool,
    /// Belongs to the problem: no repair gives it up, and the slack does not count it.
    pub fixed: bool,
}

/// A bound on a constant column that its level misses: no weights change that.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stuck {
    pub column: usize,
    /// 1 for a lower bound, −1 for an upper one.
    pub sign: f64,
    /// By how much the bound is missed, in the column's own unit.
    pub excess: f64,
}

/// A palette as the solver sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Constraints {
    /// A range has two, an equality one.
    pub all: Vec<Constraint>,
    /// The columns of the constraints, each once, in order.
    pub columns: Vec<usize>,
    /// A column without spread whose level misses a bound.
    pub stuck: Option<Stuck>,
}

/// A bound that every answer meets by this many standard deviations is no bound: what lies so far off would
/// only cost the others their figures.
const FAR: f64 = 1e6;
/// Standardised levels go no further than this, so that sums of them stay finite. What is asked so far off is
/// out of reach by any proof.
const FURTHEST: f64 = 1e300;

/// `a` − `b`, where that is too large for a float the largest there is.
fn beyond(a: f64, b: f64) -> f64 {
    (a - b).min(f64::MAX)
}

/// The bounds of a column that varies, standardised, without those that every answer meets by far.
fn standardised(problem: &Problem, column: usize, bounds: Bounds) -> Bounds {
    let Bounds { lower, upper } =
        bounds.map(|level| problem.standardise(column, level).clamp(-FURTHEST, FURTHEST));
    // The ends take a pass over the column, which only a bound far off is worth.
    Bounds {
        lower: lower.filter(|c| *c > -FAR || *c > problem.extremes(column)[0] - FAR),
        upper: upper.filter(|c| *c < FAR || *c < problem.extremes(column)[1] + FAR),
    }
}

/// Bounds closer than this (in standard deviations) are one equality.
const ONE_LEVEL: f64 = 1e-12;

impl Constraints {
    pub(crate) fn new(problem: &Problem, bounds: &[Bounds]) -> Self {
        let mut constraints = Constraints::default();
        for (column, bounds) in bounds.iter().enumerate() {
            if bounds.is_off() {
                continue;
            }
            if problem.standard_deviation(column) == 0.0 {
                // A constant column either meets its bounds anyway or cannot: neither needs a multiplier.
                let (level, slop) = (problem.mean(column), 1e-12 * problem.mean(column).abs());
                if let Some(lower) = bounds.lower.filter(|c| *c > level + slop) {
                    constraints.stuck =
                        constraints.stuck.or(Some(Stuck { column, sign: 1.0, excess: beyond(lower, level) }));
                }
                if let Some(upper) = bounds.upper.filter(|c| *c < level - slop) {
                    constraints.stuck = constraints.stuck.or(Some(Stuck {
                        column,
                        sign: -1.0,
                        excess: beyond(level, upper),
                    }));
                }
                continue;
            }
            let z = standardised(problem, column, *bounds);
            if z.is_off() {
                continue;
            }
            constraints.columns.push(column);
            let fixed = problem.is_fixed(column);
            match (z.lower, z.upper) {
                (Some(a), Some(b)) if (b - a).abs() <= ONE_LEVEL => constraints.all.push(Constraint {
                    column,
                    sign: 1.0,
                    target: 0.5 * (a + b),
                    equality: true,
                    fixed,
                }),
                (lower, upper) => {
                    constraints.all.extend(lower.map(|c| Constraint {
                        column,
                        sign: 1.0,
                        target: c,
                        equality: false,
                        fixed,
                    }));
                    constraints.all.extend(upper.map(|c| Constraint {
                        column,
                        sign: -1.0,
                        target: -c,
                        equality: false,
                        fixed,
                    }));
                }
            }
        }
        constraints
    }

    /// Whether the palette itself has equalities.
    pub(crate) fn has_equalities(&self) -> bool {
        self.all.iter().any(|c| c.equality && !c.fixed)
    }

    /// λ of every column (standardised) from the multipliers of the constraints.
    pub(crate) fn lambda(&self, multipliers: &[f64], values: usize) -> Vec<f64> {
        let mut lambda = vec![0.0; values];
        for (constraint, mu) in self.all.iter().zip(multipliers) {
            lambda[constraint.column] += constraint.sign * mu;
        }
        lambda
    }

    /// The multipliers of the constraints from λ of every column, as far as signs allow.
    pub(crate) fn multipliers(&self, lambda: &[f64]) -> Vec<f64> {
        self.all
            .iter()
            .map(|c| {
                let mu = c.sign * lambda[c.column];
                if !mu.is_finite() {
                    0.0
                } else if c.equality {
                    mu
                } else {
                    mu.max(0.0)
                }
            })
            .collect()
    }
}
