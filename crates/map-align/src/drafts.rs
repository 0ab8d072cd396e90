//! Choosing one of k drafts: the same answers as many choices among k.

use super::problem::Problem;
use super::resample::stream;
use rand::seq::SliceRandom;

/// The answers of a problem dealt into groups of k: its λ is the one for choosing one of k drafts.
#[derive(Clone, Debug)]
pub struct InDrafts {
    /// A group for every k answers, in the units of the whole.
    pub problem: Problem,
    /// For each group, the group of the whole problem that its answers come from.
    pub source: Vec<usize>,
    /// Groups of each deal.
    pub per_deal: usize,
    /// Answers that fill no group and are left out, of each deal.
    pub left_out: usize,
}

/// Deals the answers of each group of `problem` into groups of `drafts`, shuffled by `seed`, and that `deals`
/// times over: every deal has each answer at most once, and averaging over several takes out what is due to the
/// dealing. `None` when no group can be filled.
pub fn in_drafts(problem: &Problem, drafts: usize, deals: usize, seed: u64) -> Option<InDrafts> {
    if drafts == 0 || deals == 0 {
        return None;
    }
    let mut random = stream(seed, u64::MAX - 1);
    let (mut rows, mut sizes, mut weights, mut source) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut left_out, mut per_deal) = (0, 0);
    for (from, (group, pi)) in problem.groups.iter().zip(&problem.group_weight).enumerate() {
        let whole = group.len() / drafts;
        left_out += group.len() - whole * drafts;
        per_deal += whole;
        // One group of everything is the same however it is dealt.
        let deals = if group.len() == drafts { 1 } else { deals };
        let groups = whole * deals;
        for _ in 0..deals {
            let mut order: Vec<usize> = group.clone().collect();
            order.shuffle(&mut random);
            order.truncate(whole * drafts);
            rows.extend(order);
        }
        sizes.extend(std::iter::repeat_n(drafts, groups));
        weights.extend(std::iter::repeat_n(pi / groups.max(1) as f64, groups));
        source.extend(std::iter::repeat_n(from, groups));
    }
    if rows.is_empty() {
        return None;
    }
    let logs = problem.log_base.as_ref().map(|log| rows.iter().map(|&j| log[j]).collect());
    Some(InDrafts { problem: problem.select(&rows, &sizes, weights, logs), source, per_deal, left_out })
}
