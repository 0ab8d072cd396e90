//! The answer to one palette: verdict with proof, solution, and what could be had instead.

use super::problem::Problem;
use super::reach::{Cuts, minimise, support};
use super::solver::{Solution, solve};

/// Whether a palette can be had from the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// t* > 0: some weighting of the answers exceeds every target.
    Reachable,
    /// t* = 0 within [`EDGE`]: reached only in the limit, λ has no bound.
    Edge,
    /// t* < 0: no weighting meets it; the certificate proves it.
    Unreachable,
}

/// |t*| up to which a palette counts as on the edge, in standard deviations.
pub const EDGE: f64 = 1e-6;

/// How much of the largest reachable share a scaled-back palette goes: at the limit itself λ has no bound and the price is the highest there is.
pub const INSIDE: f64 = 0.98;

/// A Farkas direction: along it the palette asks for more than even the best answer to every prompt gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// d ≥ 0 per standard deviation of each value, summing to 1.
    pub direction: Vec<f64>,
    /// d·(c − base mean), in standard deviations (for a constant column: in its own unit).
    pub asked: f64,
    /// Σ_g π_g max_j d·(r_gj − base mean), likewise; less than `asked`.
    pub best: f64,
}

/// What there is to say of one palette.
#[derive(Clone, Debug)]
pub struct Answer {
    pub verdict: Verdict,
    /// t*, in standard deviations: the most by which every target could be raised at once. `None` without a target on a value that varies.
    pub slack: Option<f64>,
    pub certificate: Option<Certificate>,
    /// The solution of the palette; on the edge or out of reach, that of the palette scaled back just inside.
    pub solution: Solution,
    /// For each value the largest level that can be had with the other targets held, in its own unit; `None` when the others alone are out of reach.
    pub max_reachable: Vec<Option<f64>>,
    /// On the edge or out of reach: the share of the way from base to palette that `solution` goes, [`INSIDE`] of the largest that can be had.
    pub scale_back: Option<f64>,
}

/// Answers the palette `c` (own units; `None` where a value is not constrained). `cuts` carries over what earlier palettes on the same problem
/// found; `start` is a λ near the solution, if one is known.
pub fn answer(problem: &Problem, cuts: &mut Cuts, c: &[Option<f64>], start: Option<&[f64]>) -> Answer {
    let m = problem.values();
    let standardised: Vec<Option<f64>> = (0..m).map(|i| c[i].map(|c| problem.standardise(i, c))).collect();
    let stuck = (0..m).find(|&i| standardised[i] == Some(f64::INFINITY));
    let used: Vec<usize> = (0..m).filter(|&i| standardised[i].is_some() && problem.standard_deviation(i) > 0.0).collect();
    let target: Vec<f64> = standardised.iter().map(|c| c.filter(|c| c.is_finite()).unwrap_or(0.0)).collect();

    let reach = minimise(problem, cuts, &used, &target, &vec![1.0; m]);
    let slack = reach.as_ref().map(|r| r.value);
    let (mut verdict, mut certificate) = (Verdict::Reachable, None);
    if let Some(reach) = &reach {
        // `value` is checked by a pass over the table, so it can prove "unreachable"; only `lower` can prove "reachable".
        if reach.value < -EDGE {
            verdict = Verdict::Unreachable;
            let asked = dot(&reach.direction, &target);
            certificate = Some(Certificate { asked, best: reach.value + asked, direction: reach.direction.clone() });
        } else if reach.lower <= EDGE {
            verdict = Verdict::Edge;
        }
    }
    let mut solution = None;
    if verdict != Verdict::Unreachable && stuck.is_none() {
        let tried = solve(problem, c, start);
        if tried.exceeded {
            // λ itself is a direction then, free of charge, should the linear program have been too coarse to see it.
            let total: f64 = tried.standardised.iter().sum();
            let direction: Vec<f64> = tried.standardised.iter().map(|l| l / total).collect();
            let (best, _) = support(problem, &direction);
            let asked = dot(&direction, &target);
            if asked - best > EDGE {
                verdict = Verdict::Unreachable;
                certificate = Some(Certificate { direction, asked, best });
            } else {
                verdict = Verdict::Edge;
            }
        } else if tried.converged && (verdict == Verdict::Reachable || slack.is_none()) {
            solution = Some(tried);
        } else if verdict == Verdict::Reachable {
            // Reachable by the linear program, yet λ is too large for floating point.
            verdict = Verdict::Edge;
        }
    }
    if let Some(i) = stuck {
        verdict = Verdict::Unreachable;
        let mut direction = vec![0.0; m];
        direction[i] = 1.0;
        certificate = Some(Certificate { direction, asked: c[i].unwrap_or(0.0) - problem.mean(i), best: 0.0 });
    }

    let mut scale_back = None;
    let solution = solution.unwrap_or_else(|| {
        let share = if stuck.is_some() { 0.0 } else { ray(problem, cuts, &used, &target) };
        let inside = share * INSIDE;
        scale_back = Some(inside);
        let scaled: Vec<Option<f64>> =
            (0..m).map(|i| c[i].filter(|_| used.contains(&i)).map(|_| problem.level(i, inside * target[i]))).collect();
        solve(problem, &scaled, None)
    });
    let max_reachable = (0..m).map(|i| highest(problem, cuts, &used, &target, i).filter(|_| stuck.is_none_or(|s| s == i))).collect();
    Answer { verdict, slack: if stuck.is_some() { None } else { slack }, certificate, solution, max_reachable, scale_back }
}

/// The largest ρ ≤ 1 with base + ρ(c − base) reachable.
fn ray(problem: &Problem, cuts: &mut Cuts, used: &[usize], target: &[f64]) -> f64 {
    match minimise(problem, cuts, used, &vec![0.0; target.len()], target) {
        Some(reach) => reach.value.clamp(0.0, 1.0),
        // No target above the base mean: all of it is met by the base itself.
        None => 1.0,
    }
}

/// The largest level of value `i` with the other targets held, in its own unit.
fn highest(problem: &Problem, cuts: &mut Cuts, used: &[usize], target: &[f64], i: usize) -> Option<f64> {
    if problem.standard_deviation(i) == 0.0 {
        return Some(problem.mean(i));
    }
    let mut free: Vec<usize> = used.iter().copied().filter(|&k| k != i).collect();
    free.push(i);
    let mut c = target.to_vec();
    c[i] = 0.0;
    let mut normal = vec![0.0; target.len()];
    normal[i] = 1.0;
    let reach = minimise(problem, cuts, &free, &c, &normal)?;
    let lowest = problem.z.column(i).iter().copied().fold(f64::INFINITY, f64::min);
    if reach.unbounded() || reach.value < lowest - 1e-6 { None } else { Some(problem.level(i, reach.value)) }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
