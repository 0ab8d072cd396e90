//! Levels on prompts that λ was not solved on, over random halves of the prompts.

use super::assess::Verdict;
use super::bootstrap::{TAIL, percentile_interval, verdict_on};
use super::bounds::Bounds;
use super::primal;
use super::problem::Problem;
use super::resample::Units;
use super::solver::Solution;

/// Levels on prompts that λ was not solved on. λ is solved on one half of the prompts and judged on the other, for
/// many random halves: two halves that are judged on each other would cancel each other's luck.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldOut {
    /// Number of random halves that were tried.
    pub splits: usize,
    /// Number of them on which the one half alone does not reach the palette: no λ comes from them.
    pub failed: usize,
    /// One per column; `None` when no half reached the palette.
    pub columns: Option<Vec<HeldOutColumn>>,
}

/// What the λ of one half realises on the other; levels in the column's own unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeldOutColumn {
    /// Mean over the halves.
    pub mean: f64,
    /// 95% percentile interval over the halves.
    pub interval: [f64; 2],
    /// Share of the halves on which the column's bounds are met.
    pub met: f64,
}

/// Judges `bounds` (one per column, own units, held fixed) on random halves of the units, `splits` of them drawn by
/// `seed`. `start` is a solution near those of the halves, if one is known.
pub fn held_out(
    problem: &Problem,
    units: &Units,
    bounds: &[Bounds],
    start: Option<&Solution>,
    splits: usize,
    seed: u64,
) -> HeldOut {
    let m = problem.values();
    let mut levels = vec![Vec::with_capacity(splits); m];
    let mut failed = 0;
    for split in 0..splits {
        let half = units.half(seed, split as u64);
        let counts = |inside: bool| -> Vec<usize> {
            half.iter().map(|in_half| usize::from(*in_half == inside)).collect()
        };
        let (Some(train), Some(test)) =
            (units.counted(problem, &counts(true)), units.counted(problem, &counts(false)))
        else {
            failed += 1;
            continue;
        };
        match verdict_on(&train, bounds, start.map(|s| s.standardised.as_slice())) {
            (Verdict::Reachable, Some(solution)) => {
                let w = primal::weights(&test, &solution.standardised);
                for (i, z) in primal::levels(&test, &w).into_iter().enumerate() {
                    levels[i].push(problem.level(i, z));
                }
            }
            _ => failed += 1,
        }
    }
    let columns = (failed < splits).then(|| {
        let column = |(i, levels): (usize, Vec<f64>)| {
            let count = levels.len() as f64;
            let bounds = bounds.get(i).copied().unwrap_or(Bounds::OFF);
            let met = |level: &&f64| {
                bounds.lower.is_none_or(|c| **level >= c) && bounds.upper.is_none_or(|c| **level <= c)
            };
            HeldOutColumn {
                mean: levels.iter().sum::<f64>() / count,
                met: levels.iter().filter(met).count() as f64 / count,
                interval: percentile_interval(levels, TAIL),
            }
        };
        levels.into_iter().enumerate().map(column).collect()
    });
    HeldOut { splits, failed, columns }
}
