//! Palettes to ask for instead of one that is out of reach or too dear. Each repair is a convex program,
//! solved exactly.

use super::assess::{meets, range_of, scaled};
use super::bounds::{Bounds, Constraint, Constraints, Stuck};
use super::nearest;
use super::primal;
use super::problem::Problem;
use super::reach;
use super::simplex::VertexPool;
use super::solver::solve_constraints;

/// How a palette is brought within reach.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Repair {
    /// All levels as far as possible on the straight way from the base means, which keeps the mix.
    Ray,
    /// The column of this index gives way, the others hold.
    One(usize),
    /// In order of priority (indices of columns): each gets as much of its target as those before it leave.
    /// Columns that are not named come last, in order.
    Order(Vec<usize>),
    /// The palette with the least Euclidean distance in standard deviations.
    Nearest,
    /// The nearest palette (likewise) among those that cost at most this many nats.
    Budget(f64),
}

/// A palette within reach, on its edge where the original was beyond.
#[derive(Clone, Debug, PartialEq)]
pub struct Repaired {
    /// One per column, in own units; as asked where nothing had to give way.
    pub bounds: Vec<Bounds>,
    /// For each column how far its bounds moved, in standard deviations (signed; of a range, the side that
    /// moved).
    pub moved: Vec<f64>,
    /// Euclidean norm of `moved`.
    pub distance: f64,
    /// The share of the way from base to palette, for [`Repair::Ray`].
    pub share: Option<f64>,
    /// Whether the palette was changed at all.
    pub changed: bool,
}

/// Changes within this count as none, in standard deviations.
const SAME: f64 = 1e-9;

/// Repairs the palette `bounds` (one per column, own units), changing as little as `how` allows; exact to
/// about 1e-8 standard deviations. `pool` as for [`assess`](crate::assess()). Except at a budget, the
/// repaired palette lies on the edge of what can be had, where λ has no bound.
///
/// `None` when no level of the one column would do, the others alone being out of reach, or when a constant
/// column stands in the way of a repair that may not change it.
///
/// # Panics
/// When there are more bounds than columns.
///
/// ```
/// use map_align::{Bounds, Problem, Repair, VertexPool, repair};
/// use ndarray::array;
///
/// // Two values that exclude each other: both at 0.8 is too much.
/// let problem = Problem::new(array![[0.0, 1.0], [1.0, 0.0]], &[2])?;
/// let bounds = [Bounds::at_least(0.8); 2];
/// let mut pool = VertexPool::default();
/// let nearest = repair(&problem, &mut pool, &bounds, &Repair::Nearest).unwrap();
/// assert!((nearest.bounds[0].lower.unwrap() - 0.5).abs() < 1e-6);
/// let second = repair(&problem, &mut pool, &bounds, &Repair::One(1)).unwrap();
/// assert!((second.bounds[1].lower.unwrap() - 0.2).abs() < 1e-6);
/// # Ok::<(), map_align::ProblemError>(())
/// ```
pub fn repair(problem: &Problem, pool: &mut VertexPool, bounds: &[Bounds], how: &Repair) -> Option<Repaired> {
    // A bound that a constant column misses is given up first: nothing else can be done about it.
    let mut possible = bounds.to_vec();
    let constraints = Constraints::new(problem, bounds);
    if let Some(Stuck { column, .. }) = constraints.stuck {
        match how {
            Repair::One(one) if *one != column => return None,
            _ => {
                for (i, b) in
                    possible.iter_mut().enumerate().filter(|(i, _)| problem.standard_deviation(*i) == 0.0)
                {
                    let level = problem.mean(i);
                    *b =
                        Bounds { lower: b.lower.map(|c| c.min(level)), upper: b.upper.map(|c| c.max(level)) };
                }
            }
        }
    }
    let constraints = Constraints::new(problem, &possible);
    let (targets, share) = match how {
        Repair::Ray => {
            let share = reach::ray(problem, pool, &constraints, 1.0).tau().clamp(0.0, 1.0);
            (scaled(problem, &constraints, share).all, Some(share))
        }
        Repair::One(i) => (one(problem, pool, &constraints, *i)?, None),
        Repair::Order(order) => (in_order(problem, pool, &constraints, order), None),
        Repair::Nearest => (nearest(problem, pool, &constraints), None),
        Repair::Budget(nats) => (within_budget(problem, pool, &constraints, *nats), None),
    };
    // A price can hang on less than the linear programs resolve.
    let same = if matches!(how, Repair::Budget(_)) { 1e-15 } else { SAME };
    Some(compared(problem, bounds, &possible, &constraints.all, &targets, share, same))
}

/// The repaired constraints as bounds beside the original ones.
fn compared(
    problem: &Problem,
    original: &[Bounds],
    possible: &[Bounds],
    before: &[Constraint],
    after: &[Constraint],
    share: Option<f64>,
    same: f64,
) -> Repaired {
    let mut bounds = possible.to_vec();
    let mut moved = vec![0.0; bounds.len()];
    for (old, new) in before.iter().zip(after) {
        let change = new.sign * (new.target - old.target);
        if change.abs() <= same || old.fixed {
            continue;
        }
        moved[new.column] = change;
        let level = problem.level(new.column, new.sign * new.target);
        let bound = &mut bounds[new.column];
        if new.equality {
            *bound = Bounds::exactly(level);
        } else if new.sign > 0.0 {
            bound.lower = Some(level);
        } else {
            bound.upper = Some(level);
        }
    }
    let distance = moved.iter().map(|d| d * d).sum::<f64>().sqrt();
    let changed = bounds != original;
    Repaired { bounds, moved, distance, share, changed }
}

/// The constraint's target brought between `low` and `high` (standardised levels).
fn clamped(constraint: &Constraint, [low, high]: [f64; 2]) -> f64 {
    if constraint.equality {
        constraint.target.clamp(low.min(high), high)
    } else if constraint.sign > 0.0 {
        constraint.target.min(high)
    } else {
        constraint.target.min(-low)
    }
}

fn one(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &Constraints,
    i: usize,
) -> Option<Vec<Constraint>> {
    let range = range_of(problem, pool, constraints, i, None, true)?;
    let mut repaired = constraints.all.clone();
    if problem.standard_deviation(i) > 0.0 {
        let range = range.map(|level| problem.standardise(i, level));
        repaired.iter_mut().filter(|c| c.column == i).for_each(|c| c.target = clamped(c, range));
    }
    Some(repaired)
}

fn in_order(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &Constraints,
    order: &[usize],
) -> Vec<Constraint> {
    let mut columns: Vec<usize> =
        constraints.columns.iter().copied().filter(|i| problem.is_fixed(*i)).collect();
    columns
        .extend(order.iter().copied().filter(|i| constraints.columns.contains(i) && !problem.is_fixed(*i)));
    let rest: Vec<usize> = constraints.columns.iter().copied().filter(|i| !columns.contains(i)).collect();
    columns.extend(rest);
    let mut repaired = constraints.all.clone();
    let mut held: Vec<Constraint> = Vec::new();
    let mut feasible = problem.base.clone();
    for i in columns {
        let high = reach::furthest(problem, pool, &held, i, 1.0, &feasible);
        let low = reach::furthest(problem, pool, &held, i, -1.0, &feasible);
        let ends = [-low.tau(), high.tau()];
        for constraint in repaired.iter_mut().filter(|c| c.column == i) {
            constraint.target = clamped(constraint, ends);
            held.push(*constraint);
        }
        // A level of this column that suits all its constraints, as a mixture of the two ends: the others
        // hold on both.
        let (from, to) = (low.point[i], high.point[i]);
        let wanted = repaired.iter().filter(|c| c.column == i).fold(
            feasible[i].clamp(from.min(to), to.max(from)),
            |level, c| {
                if c.equality {
                    c.target
                } else if c.sign > 0.0 {
                    level.max(c.target)
                } else {
                    level.min(-c.target)
                }
            },
        );
        let share = if to - from > 1e-300 { ((wanted - from) / (to - from)).clamp(0.0, 1.0) } else { 1.0 };
        feasible = low.point.iter().zip(&high.point).map(|(l, h)| l + share * (h - l)).collect();
    }
    repaired
}

fn nearest(problem: &Problem, pool: &mut VertexPool, constraints: &Constraints) -> Vec<Constraint> {
    let mut repaired = constraints.all.clone();
    if meets(problem, pool, &repaired).is_none() {
        let shortfalls = nearest::shortfalls(problem, constraints);
        repaired.iter_mut().zip(shortfalls).for_each(|(c, u)| c.target -= u);
    }
    repaired
}

/// The nearest palette at a price: min ½‖u‖² + ridge·KL has the dual g(λ) − ½ ridge ‖λ‖², whose solution
/// misses each bound by u = ridge·λ. Its KL falls as the ridge grows, so the ridge that spends the budget is
/// found by bisection.
fn within_budget(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &Constraints,
    nats: f64,
) -> Vec<Constraint> {
    let at_base = |mut repaired: Vec<Constraint>| {
        repaired.iter_mut().for_each(|c| {
            let base = c.sign * problem.base[c.column];
            c.target = if c.equality { base } else { c.target.min(base) };
        });
        repaired
    };
    if nats <= 0.0 {
        return at_base(constraints.all.clone());
    }
    let whole = nearest(problem, pool, constraints);
    let exact =
        solve_constraints(problem, &Constraints { all: whole.clone(), ..constraints.clone() }, None, 0.0);
    if exact.converged() && exact.kl <= nats {
        return whole;
    }
    let try_at =
        |log_ridge: f64, start: &[f64]| solve_constraints(problem, constraints, Some(start), log_ridge.exp());
    let (mut low, mut high) = (-23.0f64, 12.0f64);
    let mut cheap = try_at(high, &vec![0.0; problem.values()]);
    // However far the palette is, some ridge keeps it from being approached.
    while cheap.kl > nats && high < 600.0 {
        (low, high) = (high, high + 12.0);
        cheap = try_at(high, &cheap.standardised);
    }
    if low < 0.0 && try_at(low, &cheap.standardised).kl <= nats {
        return whole;
    }
    let mut best = (high, cheap);
    for _ in 0..200 {
        if high - low < 1e-15 * (1.0 + high.abs()) {
            break;
        }
        let middle = 0.5 * (low + high);
        let found = try_at(middle, &best.1.standardised);
        if found.kl <= nats {
            high = middle;
            best = (middle, found);
        } else {
            low = middle;
        }
        if (best.1.kl - nats).abs() <= 1e-14 * (1.0 + nats) {
            break;
        }
    }
    // The levels that its weights realise, which can be had whatever rounding did to λ.
    let levels = primal::levels(problem, &best.1.weights);
    let mut repaired = constraints.all.clone();
    repaired.iter_mut().for_each(|c| {
        let realised = c.sign * levels[c.column];
        c.target = if c.equality { realised } else { c.target.min(realised) };
    });
    repaired
}
