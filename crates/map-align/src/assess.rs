//! The assessment of one palette: verdict with proof, solution, and what could be had instead.

use super::ascent::Status;
use super::bounds::{Bounds, Constraint, Constraints, Stuck};
use super::problem::Problem;
use super::reach;
use super::simplex::{Optimum, VertexPool};
use super::solver::{Solution, solve_constraints};
use super::support::support;

/// Whether some weighting of the sampled answers meets a palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Verdict {
    /// Some weighting meets every bound, at a finite λ.
    Reachable,
    /// Met only in the limit, with λ growing without bound: t* is 0 within [`EDGE`], or an equality lies at
    /// the end of what can be had.
    Edge,
    /// t* < 0: no weighting meets it; the certificate proves it.
    Unreachable,
}

/// |t*| up to which a palette counts as on the edge, in standard deviations.
pub const EDGE: f64 = 1e-6;

/// How much of the largest reachable share a scaled-back palette goes: at the limit itself λ has no bound and
/// the price is the highest there is.
pub const INSIDE: f64 = 0.98;

/// The proof that a palette is out of reach: a Farkas direction d, along which it asks for more than even the
/// best answer to every prompt gives. Anyone can check it with one pass over the samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// d, one entry per column, per standard deviation (for a constant column: per unit); Σ|d| ≤ 1. ≥ 0 on
    /// lower bounds, ≤ 0 on upper ones.
    pub direction: Vec<f64>,
    /// d·(c − base mean) for the bounds c, in standard deviations (for a constant column: in its own unit).
    pub asked: f64,
    /// Σ_g π_g max_j d·(r_gj − base mean), likewise; less than `asked`.
    pub best: f64,
}

/// How far the level of one column can go with the bounds on the others held, in its own unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AttainableRange {
    /// The lowest level; `None` when the other bounds alone are out of reach, or it was not asked for.
    pub lowest: Option<f64>,
    /// The highest level; `None` likewise.
    pub highest: Option<f64>,
}

/// Which attainable ranges [`assess`] finds: each takes linear programs of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ranges {
    /// None of them.
    None,
    /// The highest level of every column, and the lowest of those with an upper bound.
    All,
}

/// All that [`assess`] finds of one palette.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// Whether the palette can be had.
    pub verdict: Verdict,
    /// t*, in standard deviations: the most by which every bound could be tightened at once, equalities held;
    /// where there are equalities, not more than the way that one of them could go. `None` without a bound on
    /// a column that varies.
    pub slack: Option<f64>,
    /// The proof, where the palette is out of reach.
    pub certificate: Option<Certificate>,
    /// The solution of the palette; on the edge or out of reach, that of the palette scaled back just inside.
    pub solution: Solution,
    /// One for each column, in order.
    pub attainable: Vec<AttainableRange>,
    /// On the edge or out of reach: the share of the way from base to palette that `solution` goes,
    /// [`INSIDE`] of the largest that can be had.
    pub scale_back: Option<f64>,
    /// On the edge: the weights that come closest, as far as floating point goes.
    pub limit: Option<Solution>,
}

/// Decides whether a palette can be had, and at what price: the verdict with its slack and proof, the
/// solution (of the palette, or of the nearest point inside on the way to it), and on demand how far each
/// value could go.
///
/// `bounds` has one entry per column, in its own unit, lower ≤ upper. `pool` carries over what earlier
/// palettes on the same problem found, and changes no result beyond rounding. `start` is a λ near the
/// solution (nats per unit, one entry per column), if one is known. No verdict comes from a timeout or an
/// overflow: a palette that floating point cannot settle is on the edge.
///
/// The slack t* is the optimum of a linear program, min over Σ|d| = 1 of φ(d) − d·c with φ(d) = Σ_g π_g max_j
/// d·r_gj; its minimiser is the certificate (Farkas' lemma).
///
/// # Panics
/// When there are more bounds than columns.
///
/// ```
/// use map_align::{Bounds, Problem, Ranges, Verdict, VertexPool, assess};
/// use ndarray::array;
///
/// // Two prompts of two answers each, two values: what helps one harms the other.
/// let rewards = array![[0.0, 1.0], [1.0, 0.0], [0.0, 2.0], [2.0, 0.0]];
/// let problem = Problem::new(rewards, &[2, 2])?;
/// let mut pool = VertexPool::default();
///
/// let good = assess(&problem, &mut pool, &[Bounds::at_least(1.0), Bounds::OFF], None, Ranges::All);
/// assert_eq!(good.verdict, Verdict::Reachable);
/// // With the first value at 1 or more the second can be 1/2 at most.
/// assert!((good.attainable[1].highest.unwrap() - 0.5).abs() < 1e-9);
///
/// let bad = assess(&problem, &mut pool, &[Bounds::at_least(1.0); 2], None, Ranges::None);
/// assert_eq!(bad.verdict, Verdict::Unreachable);
/// let proof = bad.certificate.unwrap();
/// assert!(proof.asked > proof.best);
/// # Ok::<(), map_align::ProblemError>(())
/// ```
pub fn assess(
    problem: &Problem,
    pool: &mut VertexPool,
    bounds: &[Bounds],
    start: Option<&[f64]>,
    ranges: Ranges,
) -> Assessment {
    let m = problem.values();
    let constraints = Constraints::new(problem, bounds);
    let judged = judge(problem, pool, &constraints, start);
    let mut scale_back = None;
    let mut limit = None;
    let solution = match judged.solution {
        Some(solution) if judged.verdict == Verdict::Reachable => solution,
        tried => {
            limit = tried.filter(|_| judged.verdict == Verdict::Edge);
            let share = if constraints.stuck.is_some() {
                0.0
            } else {
                reach::ray(problem, pool, &constraints, 1.0).lower.clamp(0.0, 1.0)
            };
            let inside = share * INSIDE;
            scale_back = Some(inside);
            solve_constraints(problem, &scaled(problem, &constraints, inside), None, 0.0)
        }
    };
    let attainable = match ranges {
        Ranges::None => vec![AttainableRange::default(); m],
        Ranges::All => attainable(problem, pool, &constraints, bounds, judged.feasible.as_deref()),
    };
    Assessment {
        verdict: judged.verdict,
        slack: judged.slack,
        certificate: judged.certificate,
        solution,
        attainable,
        scale_back,
        limit,
    }
}

/// The constraints whose levels go `share` of the way from the base means.
pub(super) fn scaled(problem: &Problem, constraints: &Constraints, share: f64) -> Constraints {
    let mut scaled = constraints.clone();
    scaled.stuck = None;
    for constraint in &mut scaled.all {
        let base = constraint.sign * problem.base[constraint.column];
        constraint.target = base + share * (constraint.target - base);
    }
    scaled
}

/// A verdict with what proves it.
pub(super) struct Judged {
    pub verdict: Verdict,
    pub slack: Option<f64>,
    pub certificate: Option<Certificate>,
    /// Where the solver got to, unless the palette is out of reach.
    pub solution: Option<Solution>,
    /// Standardised levels that meet every bound, unless the palette is out of reach.
    pub feasible: Option<Vec<f64>>,
}

/// The verdict alone, with the solution where there is one.
pub(super) fn judge(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &Constraints,
    start: Option<&[f64]>,
) -> Judged {
    let out = |certificate: Certificate, slack| Judged {
        verdict: Verdict::Unreachable,
        slack,
        certificate: Some(certificate),
        solution: None,
        feasible: None,
    };
    let mut slack = reach::slack(problem, pool, &constraints.all, None);
    if let Some(Stuck { column, sign, excess }) = constraints.stuck {
        let mut direction = vec![0.0; problem.values()];
        direction[column] = sign;
        return out(Certificate { direction, asked: excess, best: 0.0 }, None);
    }
    if let Some(found) = &slack
        && found.upper < -EDGE
    {
        return out(certificate(problem, found), Some(found.upper));
    }
    let standardised: Option<Vec<f64>> =
        start.map(|l| l.iter().enumerate().map(|(i, l)| l * problem.standard_deviation(i)).collect());
    let mut tried = solve_constraints(problem, constraints, standardised.as_deref(), 0.0);
    if !tried.converged() && start.is_some() {
        // A start from another palette can lie where floating point ends.
        tried = solve_constraints(problem, constraints, None, 0.0);
    }
    if tried.status == Status::Exceeded {
        // λ itself is a direction then, should the linear program have been too coarse to see it.
        let total: f64 = tried.standardised.iter().map(|l| l.abs()).sum();
        let direction: Vec<f64> = tried.standardised.iter().map(|l| l / total).collect();
        let (best, _) = support(problem, &direction);
        let mu = constraints.multipliers(&direction);
        let asked: f64 = constraints.all.iter().zip(mu).map(|(c, mu)| c.target * mu).sum();
        if asked - best > EDGE {
            return out(Certificate { direction, asked, best }, slack.map(|s| s.upper));
        }
    }
    let inside = match &slack {
        None => true,
        Some(found) if !constraints.has_equalities() && found.lower > EDGE => true,
        // On the boundary of what can be had, or beside it? A little beyond the palette tells: weights that
        // are all positive meet it then.
        Some(_) => reach::ray(problem, pool, constraints, 1.5).lower > 1.0 + EDGE,
    };
    if inside && !tried.converged() {
        tried = approached(problem, constraints).unwrap_or(tried);
    }
    let feasible = slack.as_ref().map(|s| s.point.clone()).or(Some(problem.base.clone()));
    if constraints.has_equalities()
        && let (Some(found), Some(point)) = (&mut slack, &feasible)
    {
        let mut held = slack_of_equalities(problem, pool, constraints, point);
        if let Some(tightened) = reach::slack_of_inequalities(problem, pool, constraints, point) {
            held = held.min(tightened.upper);
        }
        // An equality within rounding of what can be had holds the others far off, though all are met within
        // rounding.
        found.upper = found.upper.max(held);
    }
    let verdict = if inside && tried.converged() { Verdict::Reachable } else { Verdict::Edge };
    Judged { verdict, slack: slack.map(|s| s.upper), certificate: None, solution: Some(tried), feasible }
}

/// The solution of a palette close to the edge by way of palettes on the ray to it, each a start for the
/// next.
fn approached(problem: &Problem, constraints: &Constraints) -> Option<Solution> {
    let mut start: Option<Vec<f64>> = None;
    for share in
        [0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999, 0.999_99, 0.999_999, 1.0]
    {
        let found = solve_constraints(problem, &scaled(problem, constraints, share), start.as_deref(), 0.0);
        if share == 1.0 {
            return found.converged().then_some(found);
        }
        if found.converged() {
            start = Some(found.standardised);
        }
    }
    None
}

/// The shortest way, in standard deviations, that the level of one equality could go with everything else
/// held.
fn slack_of_equalities(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &Constraints,
    feasible: &[f64],
) -> f64 {
    let mut least = f64::INFINITY;
    for (p, constraint) in constraints.all.iter().enumerate().filter(|(_, c)| c.equality && !c.fixed) {
        let others: Vec<Constraint> =
            constraints.all.iter().enumerate().filter(|(q, _)| *q != p).map(|(_, c)| *c).collect();
        for sign in [1.0, -1.0] {
            let furthest = reach::furthest(problem, pool, &others, constraint.column, sign, feasible).upper;
            least = least.min((furthest - sign * constraint.target).max(0.0));
        }
    }
    least
}

pub(super) fn certificate(problem: &Problem, found: &Optimum) -> Certificate {
    let (best, _) = support(problem, &found.direction);
    Certificate { asked: best - found.upper, best, direction: found.direction.clone() }
}

/// The attainable range of every column. `feasible` meets all bounds, where that can be.
fn attainable(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &Constraints,
    bounds: &[Bounds],
    feasible: Option<&[f64]>,
) -> Vec<AttainableRange> {
    (0..problem.values())
        .map(|i| {
            let stuck_elsewhere = constraints.stuck.is_some_and(|stuck| stuck.column != i);
            if stuck_elsewhere {
                return AttainableRange::default();
            }
            let low = bounds.get(i).is_some_and(|b| b.upper.is_some());
            let Some([lowest, highest]) = range_of(problem, pool, constraints, i, feasible, low) else {
                return AttainableRange::default();
            };
            AttainableRange { lowest: low.then_some(lowest), highest: Some(highest) }
        })
        .collect()
}

/// The lowest (base mean unless `low`) and the highest level of column `i` with the other bounds held, in its
/// own unit.
pub(super) fn range_of(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &Constraints,
    i: usize,
    feasible: Option<&[f64]>,
    low: bool,
) -> Option<[f64; 2]> {
    let others: Vec<Constraint> = constraints.all.iter().copied().filter(|c| c.column != i).collect();
    let start = match feasible {
        Some(point) => point.to_vec(),
        None => meets(problem, pool, &others)?,
    };
    if problem.standard_deviation(i) == 0.0 {
        return Some([problem.mean(i); 2]);
    }
    let highest = reach::furthest(problem, pool, &others, i, 1.0, &start).tau();
    let lowest =
        if low { -reach::furthest(problem, pool, &others, i, -1.0, &start).tau() } else { problem.base[i] };
    Some([problem.level(i, lowest), problem.level(i, highest)])
}

/// Standardised levels that meet the constraints, within rounding; `None` when there are none.
pub(super) fn meets(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &[Constraint],
) -> Option<Vec<f64>> {
    match reach::slack(problem, pool, constraints, Some(0.0)) {
        None => Some(problem.base.clone()),
        Some(found) => (found.upper >= -1e-10).then_some(found.point),
    }
}

/// The lowest and the highest level of every column with the bounds on the others held, whether the palette
/// as a whole can be had or not. Arguments as for [`assess`]; one entry per column, in its own unit.
pub fn ranges(problem: &Problem, pool: &mut VertexPool, bounds: &[Bounds]) -> Vec<AttainableRange> {
    let all: Vec<usize> = (0..problem.values()).collect();
    ranges_of(problem, pool, bounds, &all)
}

/// Like [`ranges`], of some columns, in their order.
pub fn ranges_of(
    problem: &Problem,
    pool: &mut VertexPool,
    bounds: &[Bounds],
    columns: &[usize],
) -> Vec<AttainableRange> {
    let constraints = Constraints::new(problem, bounds);
    let feasible = meets(problem, pool, &constraints.all);
    let range = |&i: &usize| {
        if constraints.stuck.is_some_and(|stuck| stuck.column != i) {
            return AttainableRange::default();
        }
        match range_of(problem, pool, &constraints, i, feasible.as_deref(), true) {
            Some([lowest, highest]) => AttainableRange { lowest: Some(lowest), highest: Some(highest) },
            None => AttainableRange::default(),
        }
    };
    columns.iter().map(range).collect()
}
