//! The answers that come near two targets.

use super::NearAnswer;
use crate::compose::SolveContext;
use map_align::{Bounds, highest_along};

const NEAREST: usize = 5;

/// Whether an answer meets the target of column `i` by itself; `None` where it is not of its group.
fn meets(context: &SolveContext, i: usize, answer: usize) -> Option<bool> {
    let (value, group) = context.place_of(i)?;
    let answer = &context.set.answers[answer];
    if group.is_some_and(|group| group != answer.group) {
        return None;
    }
    let (reward, Bounds { lower, upper }) = (answer.rewards[value], context.bounds[i]);
    Some(lower.is_none_or(|c| reward >= c) && upper.is_none_or(|c| reward <= c))
}

/// Answers that meet both targets, and answers that take part.
pub(super) fn meeting_both(context: &SolveContext, pair: [usize; 2]) -> (usize, usize) {
    let shares = context.problem.table_shares();
    let taking_part = || (0..shares.len()).filter(|j| shares[*j] > 0.0);
    let both = |j: &usize| pair.iter().all(|i| meets(context, *i, *j) == Some(true));
    (taking_part().filter(both).count(), taking_part().count())
}

pub(super) fn nearest(context: &SolveContext, direction: &[f64], pair: [usize; 2]) -> Vec<NearAnswer> {
    let mut values: Vec<usize> = (0..direction.len())
        .filter(|i| direction[*i] != 0.0 || pair.contains(i))
        .filter_map(|i| context.place_of(i).map(|(value, _)| value))
        .collect();
    values.sort_unstable();
    values.dedup();
    let near = |(answer, along_sd): (usize, f64)| {
        let of = &context.set.answers[answer];
        let reward = |i: &usize| (context.set.values[*i].name.clone(), of.rewards[*i]);
        NearAnswer {
            answer,
            prompt: of.prompt,
            along_sd,
            rewards: values.iter().map(reward).collect(),
            meets: pair.map(|i| meets(context, i, answer)),
        }
    };
    highest_along(context.problem, direction, NEAREST).into_iter().map(near).collect()
}
