//! What a palette asks of one value, and the half-space constraints that the solver sees.

use super::problem::Problem;

/// Where the expectation of one column must lie, in its own unit; both bounds equal ask for exactly that
/// level.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// E r ≥ lower.
    pub lower: Option<f64>,
    /// E r ≤ upper.
    pub upper: Option<f64>,
}

impl Bounds {
    /// Not constrained.
    pub const OFF: Bounds = Bounds { lower: None, upper: None };

    pub fn at_least(level: f64) -> Self {
        Bounds { lower: Some(level), upper: None }
    }

    pub fn at_most(level: f64) -> Self {
        Bounds { lower: None, upper: Some(level) }
    }

    pub fn exactly(level: f64) -> Self {
        Bounds { lower: Some(level), upper: Some(level) }
    }

    pub fn between(lower: f64, upper: f64) -> Self {
        Bounds { lower: Some(lower), upper: Some(upper) }
    }

    pub fn is_off(&self) -> bool {
        self.lower.is_none() && self.upper.is_none()
    }

    /// The same bounds under `change` of every level.
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
    pub free: bool,
    /// Belongs to the problem: no repair gives it up, and it is no part of the slack.
    pub fixed: bool,
}

/// A palette as the solver sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Constraints {
    /// A range has two terms, an equality one.
    pub terms: Vec<Constraint>,
    /// The columns of the terms, each once, in order.
    pub columns: Vec<usize>,
    /// A column without spread whose constant level misses a bound: its index and the sign of the term.
    pub stuck: Option<(usize, f64, f64)>,
}

/// Bounds closer than this (in standard deviations) are one equality.
const ONE_LEVEL: f64 = 1e-12;

impl Constraints {
    pub fn new(problem: &Problem, bounds: &[Bounds]) -> Self {
        let mut constraints = Constraints::default();
        for (column, bounds) in bounds.iter().enumerate() {
            if bounds.is_off() {
                continue;
            }
            if problem.standard_deviation(column) == 0.0 {
                // A constant column either meets its bounds anyway or cannot: neither needs a multiplier.
                let (level, slop) = (problem.mean(column), 1e-12 * problem.mean(column).abs());
                if let Some(lower) = bounds.lower.filter(|c| *c > level + slop) {
                    constraints.stuck = constraints.stuck.or(Some((column, 1.0, lower - level)));
                }
                if let Some(upper) = bounds.upper.filter(|c| *c < level - slop) {
                    constraints.stuck = constraints.stuck.or(Some((column, -1.0, level - upper)));
                }
                continue;
            }
            constraints.columns.push(column);
            let fixed = problem.is_fixed(column);
            let z = bounds.map(|level| problem.standardise(column, level));
            match (z.lower, z.upper) {
                (Some(a), Some(b)) if (b - a).abs() <= ONE_LEVEL => constraints.terms.push(Constraint {
                    column,
                    sign: 1.0,
                    target: 0.5 * (a + b),
                    free: true,
                    fixed,
                }),
                (lower, upper) => {
                    constraints.terms.extend(lower.map(|c| Constraint {
                        column,
                        sign: 1.0,
                        target: c,
                        free: false,
                        fixed,
                    }));
                    constraints.terms.extend(upper.map(|c| Constraint {
                        column,
                        sign: -1.0,
                        target: -c,
                        free: false,
                        fixed,
                    }));
                }
            }
        }
        constraints
    }

    /// Whether the palette itself has equalities.
    pub fn has_equalities(&self) -> bool {
        self.terms.iter().any(|t| t.free && !t.fixed)
    }

    /// λ of every column (standardised) from the multipliers of the terms.
    pub fn lambda(&self, multipliers: &[f64], values: usize) -> Vec<f64> {
        let mut lambda = vec![0.0; values];
        for (term, mu) in self.terms.iter().zip(multipliers) {
            lambda[term.column] += term.sign * mu;
        }
        lambda
    }

    /// The multipliers of the terms from λ of every column, as far as signs allow.
    pub fn multipliers(&self, lambda: &[f64]) -> Vec<f64> {
        self.terms
            .iter()
            .map(|t| {
                let mu = t.sign * lambda[t.column];
                if !mu.is_finite() {
                    0.0
                } else if t.free {
                    mu
                } else {
                    mu.max(0.0)
                }
            })
            .collect()
    }
}
