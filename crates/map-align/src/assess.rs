//! The answer to one palette: verdict with proof, solution, and what could be had instead.

use super::bounds::{Bounds, Constraint, Constraints};
use super::problem::Problem;
use super::reach;
use super::simplex::{Optimum, VertexPool};
use super::solver::{Solution, Status, solve_constraints};
use super::support::support;

/// Whether a palette can be had from the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Verdict {
    /// Some weighting of the answers meets every bound, at a finite λ.
    Reachable,
    /// Met only in the limit: λ has no bound. t* = 0 within [`EDGE`], or an equality at the end of what can
    /// be had.
    Edge,
    /// t* < 0: no weighting meets it; the certificate proves it.
    Unreachable,
}

/// |t*| up to which a palette counts as on the edge, in standard deviations.
pub const EDGE: f64 = 1e-6;

/// How much of the largest reachable share a scaled-back palette goes: at the limit itself λ has no bound and
/// the price is the highest there is.
pub const INSIDE: f64 = 0.98;

/// A Farkas direction: along it the palette asks for more than even the best answer to every prompt gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// d per standard deviation of each column, Σ|d| ≤ 1: ≥ 0 on lower bounds, ≤ 0 on upper ones.
    pub direction: Vec<f64>,
    /// d·(c − base mean), in standard deviations (for a constant column: in its own unit).
    pub asked: f64,
    /// Σ_g π_g max_j d·(r_gj − base mean), likewise; less than `asked`.
    pub best: f64,
}

/// How far one value can go with the other targets held, in its own unit; `None` when the others alone are
/// out of reach, or where it was not asked.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AttainableRange {
    pub lowest: Option<f64>,
    pub highest: Option<f64>,
}

/// Which end stops an answer should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stops {
    None,
    /// The highest of every column, and the lowest of those with an upper bound.
    All,
}

/// What there is to say of one palette.
#[derive(Clone, Debug)]
pub struct Assessment {
    pub verdict: Verdict,
    /// t*, in standard deviations: the most by which every bound could be tightened at once, equalities held;
    /// where there are equalities, not more than the way that one of them could go. `None` without a bound on
    /// a column that varies.
    pub slack: Option<f64>,
    pub certificate: Option<Certificate>,
    /// The solution of the palette; on the edge or out of reach, that of the palette scaled back just inside.
    pub solution: Solution,
    /// One for each column.
    pub attainable: Vec<AttainableRange>,
    /// On the edge or out of reach: the share of the way from base to palette that `solution` goes,
    /// [`INSIDE`] of the largest that can be had.
    pub scale_back: Option<f64>,
    /// On the edge: the weights that come closest, as far as floating point goes.
    pub limit: Option<Solution>,
}

/// Answers the palette `bounds` (own units, one per column; lower ≤ upper). `pool` carries over what earlier
/// palettes on the same problem found; `start` is a λ near the solution, if one is known.
pub fn assess(
    problem: &Problem,
    pool: &mut VertexPool,
    bounds: &[Bounds],
    start: Option<&[f64]>,
    stops: Stops,
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
    let attainable = match stops {
        Stops::None => vec![AttainableRange::default(); m],
        Stops::All => attainable(problem, pool, &constraints, bounds, judged.feasible.as_deref()),
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
    for term in &mut scaled.terms {
        let base = term.sign * problem.base[term.column];
        term.target = base + share * (term.target - base);
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
    let mut slack = reach::slack(problem, pool, &constraints.terms, None);
    if let Some((column, sign, excess)) = constraints.stuck {
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
        let asked: f64 = constraints.terms.iter().zip(mu).map(|(t, mu)| t.target * mu).sum();
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
    for (p, term) in constraints.terms.iter().enumerate().filter(|(_, t)| t.free && !t.fixed) {
        let others: Vec<Constraint> =
            constraints.terms.iter().enumerate().filter(|(q, _)| *q != p).map(|(_, t)| *t).collect();
        for sign in [1.0, -1.0] {
            let stop = reach::furthest(problem, pool, &others, term.column, sign, feasible).upper;
            least = least.min((stop - sign * term.target).max(0.0));
        }
    }
    least
}

fn certificate(problem: &Problem, found: &Optimum) -> Certificate {
    let (best, _) = support(problem, &found.direction);
    Certificate { asked: best - found.upper, best, direction: found.direction.clone() }
}

/// Every column's end stops. `feasible` meets all bounds, where that can be.
fn attainable(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &Constraints,
    bounds: &[Bounds],
    feasible: Option<&[f64]>,
) -> Vec<AttainableRange> {
    (0..problem.values())
        .map(|i| {
            let stuck_elsewhere = constraints.stuck.is_some_and(|(column, ..)| column != i);
            if stuck_elsewhere {
                return AttainableRange::default();
            }
            let low = bounds.get(i).is_some_and(|b| b.upper.is_some());
            let Some([lowest, highest]) = stops_of(problem, pool, constraints, i, feasible, low) else {
                return AttainableRange::default();
            };
            AttainableRange { lowest: low.then_some(lowest), highest: Some(highest) }
        })
        .collect()
}

/// The lowest (base mean unless `low`) and the highest level of column `i` with the other bounds held, in its
/// own unit.
pub(super) fn stops_of(
    problem: &Problem,
    pool: &mut VertexPool,
    constraints: &Constraints,
    i: usize,
    feasible: Option<&[f64]>,
    low: bool,
) -> Option<[f64; 2]> {
    let others: Vec<Constraint> = constraints.terms.iter().copied().filter(|t| t.column != i).collect();
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

/// Standardised levels that meet the terms, within rounding; `None` when there are none.
pub(super) fn meets(problem: &Problem, pool: &mut VertexPool, terms: &[Constraint]) -> Option<Vec<f64>> {
    match reach::slack(problem, pool, terms, Some(0.0)) {
        None => Some(problem.base.clone()),
        Some(found) => (found.upper >= -1e-10).then_some(found.point),
    }
}

/// The lowest and the highest level of every column with the other bounds held.
pub fn ranges(problem: &Problem, pool: &mut VertexPool, bounds: &[Bounds]) -> Vec<AttainableRange> {
    let constraints = Constraints::new(problem, bounds);
    let feasible = meets(problem, pool, &constraints.terms);
    (0..problem.values())
        .map(|i| {
            if constraints.stuck.is_some_and(|(column, ..)| column != i) {
                return AttainableRange::default();
            }
            match stops_of(problem, pool, &constraints, i, feasible.as_deref(), true) {
                Some([lowest, highest]) => AttainableRange { lowest: Some(lowest), highest: Some(highest) },
                None => AttainableRange::default(),
            }
        })
        .collect()
}
