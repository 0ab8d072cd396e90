//! What made an answer likelier or less likely.

use crate::app::format::{isolated, number};
use crate::app::state::Outcome;
use crate::app::state::table::Table;

/// Values named at most.
const NAMED: usize = 2;
/// A factor nearer to one than this is not worth a word.
const WORTH: f64 = 1.15;
/// Chances whose logarithms differ by less are said to be the same.
const SAME: f64 = 0.005;

/// How many times as likely answer `j` of `group` became, and the factors of the values that did most:
/// p_j/p⁰_j = Π_i exp(λ_i (r_ij − r̄_i)) / Z with r̄ the base mean over the group, so the factors do not depend on
/// where a value's zero lies. `None` where λ has no bound, or where targets on groups have a part in it.
pub(super) fn pushed(table: &Table, outcome: &Outcome, group: &[usize], j: usize) -> Option<String> {
    let report = &outcome.report;
    if report.groups.iter().any(|group| group.lambda != Some(0.0)) {
        return None;
    }
    let lambda: Vec<f64> = report.values.iter().map(|value| value.lambda).collect::<Option<_>>()?;
    let base = |j: usize| table.base_share(j, outcome.pooling);
    let total: f64 = group.iter().map(|j| base(*j)).sum();
    let now: f64 = group.iter().map(|j| outcome.weights.get(*j).copied().unwrap_or(0.0)).sum();
    let (before, after) = (base(j) / total, outcome.weights.get(j)? / now);
    if !(before > 0.0 && after.is_finite()) {
        return None;
    }
    let reward = |j: usize, i: usize| table.columns[i].rewards[j];
    let mut factors: Vec<(usize, f64)> = (0..lambda.len())
        .map(|i| {
            let mean = group.iter().map(|j| base(*j) / total * reward(*j, i)).sum::<f64>();
            (i, lambda[i] * (reward(j, i) - mean))
        })
        .filter(|(_, push)| push.abs() >= WORTH.ln())
        .collect();
    factors.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    factors.truncate(NAMED);
    let named: Vec<String> = factors
        .into_iter()
        .map(|(i, push)| format!("{} {}", isolated(&table.set.values[i].name), times(push.exp())))
        .collect();
    let ratio = after / before;
    if named.is_empty() && (ratio.ln().abs() < SAME) {
        return None;
    }
    let all = times(ratio);
    Some(if named.is_empty() { all } else { format!("{all}: {}", named.join(", ")) })
}

/// `×2.7`, `÷3.0`.
fn times(factor: f64) -> String {
    if factor >= 1.0 {
        format!("×{}", number(factor))
    } else if factor > 0.0 {
        format!("÷{}", number(1.0 / factor))
    } else {
        "never".to_owned()
    }
}
