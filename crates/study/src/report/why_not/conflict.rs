//! Which targets stand against each other.

use crate::compose::SolveContext;
use map_align::{Assessment, Bounds, Certificate, VertexPool, excluded};

/// The columns that have targets.
pub(super) fn targets(context: &SolveContext) -> Vec<usize> {
    let has_target = |i: &usize| !context.bounds[*i].is_off() && context.place_of(*i).is_some();
    (0..context.bounds.len()).filter(has_target).collect()
}

pub(super) fn named(
    context: &SolveContext,
    targets: &[usize],
    names: &[String; 2],
) -> Result<[usize; 2], String> {
    let column = |name: &String| {
        targets.iter().copied().find(|i| context.column_name(*i) == *name).ok_or_else(|| {
            let has: Vec<String> = targets.iter().map(|i| context.column_name(*i)).collect();
            format!(
                "{name} has no target in this palette{}. Choose two of its targets.",
                if has.is_empty() { String::new() } else { format!(", which has {}", has.join(", ")) }
            )
        })
    };
    let pair = [column(&names[0])?, column(&names[1])?];
    if pair[0] == pair[1] {
        return Err(format!("{} is one target. Choose another beside it.", names[0]));
    }
    Ok(pair)
}

/// The two targets that weigh most: in the proof where there is one, else in the solution; what weighs alike by
/// how much it asks for.
pub(super) fn heaviest(
    context: &SolveContext,
    targets: &[usize],
    found: &Assessment,
) -> Result<[usize; 2], String> {
    let sd = |i: usize| context.problem.standard_deviation(i);
    let weight = |i: usize| match &found.certificate {
        Some(proof) => proof.direction[i].abs(),
        None => (found.solution.lambda[i] * sd(i)).abs(),
    };
    let asks = |i: usize| {
        let base = context.problem.mean(i);
        let Bounds { lower, upper } = context.bounds[i];
        let way = lower.map(|c| c - base).into_iter().chain(upper.map(|c| base - c)).fold(0.0, f64::max);
        if sd(i) > 0.0 { way / sd(i) } else { way }
    };
    let mut by_weight = targets.to_vec();
    by_weight.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)).then(asks(*b).total_cmp(&asks(*a))));
    match by_weight.as_slice() {
        [a, b, ..] => Ok([*a.min(b), *a.max(b)]),
        few => Err(format!(
            "Two targets can stand against each other, and this palette has {}. Set another.",
            if few.is_empty() { "none" } else { "one" }
        )),
    }
}

/// `bounds` of some columns alone, with those that belong to the problem.
pub(super) fn only(context: &SolveContext, columns: &[usize]) -> Vec<Bounds> {
    let keeps = |i: usize| columns.contains(&i) || context.place_of(i).is_none();
    let bound = |(i, bounds): (usize, &Bounds)| if keeps(i) { *bounds } else { Bounds::OFF };
    context.bounds.iter().enumerate().map(bound).collect()
}

/// The fewest targets beside `pair` that were found to exclude it: of those in the proof, one after another is
/// left out unless the rest can then be had.
pub(super) fn excluding(
    context: &SolveContext,
    pool: &mut VertexPool,
    targets: &[usize],
    pair: [usize; 2],
    whole: &Certificate,
) -> Vec<usize> {
    let weighs = |i: &usize| !pair.contains(i) && whole.direction[*i] != 0.0;
    let mut kept: Vec<usize> = targets.iter().copied().filter(weighs).collect();
    let with_pair = |kept: &[usize]| only(context, &[kept, &pair].concat());
    if excluded(context.problem, pool, &with_pair(&kept)).is_none() {
        return Vec::new();
    }
    let mut lightest = kept.clone();
    lightest.sort_by(|a, b| whole.direction[*a].abs().total_cmp(&whole.direction[*b].abs()));
    for i in lightest {
        let without: Vec<usize> = kept.iter().copied().filter(|other| *other != i).collect();
        if excluded(context.problem, pool, &with_pair(&without)).is_some() {
            kept = without;
        }
    }
    kept
}
