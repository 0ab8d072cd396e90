//! Held-out figures with their intervals.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const RESAMPLES: usize = 1000;

/// A share with its 95% interval.
#[derive(Clone, Copy)]
pub(crate) struct Figure {
    pub value: f64,
    pub interval: [f64; 2],
}

/// Area under the ROC curve: the probability that a positive row scores above a negative one, ties counted
/// half. NaN without both kinds.
pub(crate) fn auc(scores: &[f64], positive: &[bool]) -> f64 {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    // Sum over positives of the mean rank among equals, from 1.
    let (mut rank_sum, mut i) = (0.0, 0);
    while i < order.len() {
        let end = (i..order.len()).find(|j| scores[order[*j]] != scores[order[i]]).unwrap_or(order.len());
        let mean_rank = (i + 1 + end) as f64 / 2.0;
        rank_sum += mean_rank * order[i..end].iter().filter(|r| positive[**r]).count() as f64;
        i = end;
    }
    let ones = positive.iter().filter(|p| **p).count() as f64;
    let zeros = positive.len() as f64 - ones;
    (rank_sum - ones * (ones + 1.0) / 2.0) / (ones * zeros)
}

/// Share of rows on the right side of 0, ties counted half.
pub(crate) fn accuracy(scores: &[f64], positive: &[bool]) -> f64 {
    let right = |(s, p): (&f64, &bool)| if *s == 0.0 { 0.5 } else { f64::from((*s > 0.0) == *p) };
    scores.iter().zip(positive).map(right).sum::<f64>() / scores.len() as f64
}

/// How scores are judged: AUC for labelled rows, accuracy for pairs.
pub(crate) type Measure = fn(&[f64], &[bool]) -> f64;

/// `measure` on all rows, and by how much it exceeds that of `other` scores of the same rows; with percentile
/// intervals by drawing whole groups (prompts) with replacement.
pub(crate) fn compare(
    scores: &[f64],
    other: &[f64],
    positive: &[bool],
    groups: &[&str],
    seed: u64,
    measure: Measure,
) -> [Figure; 2] {
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, group) in groups.iter().enumerate() {
        members.entry(group).or_default().push(i);
    }
    let members: Vec<Vec<usize>> = members.into_values().collect();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut drawn = [const { Vec::new() }; 2];
    for _ in 0..RESAMPLES {
        let rows: Vec<usize> = (0..members.len())
            .flat_map(|_| &members[random.random_range(0..members.len())])
            .copied()
            .collect();
        let p: Vec<bool> = rows.iter().map(|r| positive[*r]).collect();
        let judge = |scores: &[f64]| measure(&rows.iter().map(|r| scores[*r]).collect::<Vec<_>>(), &p);
        let (own, others) = (judge(scores), judge(other));
        drawn[0].push(own);
        drawn[1].push(own - others);
    }
    let own = measure(scores, positive);
    let values = [own, own - measure(other, positive)];
    std::array::from_fn(|i| {
        let drawn = &mut drawn[i];
        drawn.retain(|v| v.is_finite());
        drawn.sort_by(f64::total_cmp);
        let at = |share: f64| {
            drawn.get(((drawn.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or(f64::NAN)
        };
        Figure { value: values[i], interval: [at(0.025), at(0.975)] }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auc_counts_pairs() {
        assert_eq!(auc(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true]), 0.75);
        assert_eq!(auc(&[1.0, 1.0], &[true, false]), 0.5);
        assert!(auc(&[1.0], &[true]).is_nan());
    }

    #[test]
    fn accuracy_is_about_zero() {
        assert_eq!(accuracy(&[1.0, -1.0, 0.0, 2.0], &[true, true, true, true]), 0.625);
    }

    #[test]
    fn the_intervals_hold_the_figures() {
        let scores: Vec<f64> = (0..200).map(|i| f64::from(i % 10) - 2.5).collect();
        let other: Vec<f64> = (0..200).map(|i| f64::from((i / 10) % 10) - 4.5).collect();
        let positive = vec![true; 200];
        let names: Vec<String> = (0..200).map(|i| i.to_string()).collect();
        let groups: Vec<&str> = names.iter().map(String::as_str).collect();
        let [own, ahead] = compare(&scores, &other, &positive, &groups, 1, accuracy);
        assert!((own.value - 0.7).abs() < 1e-12);
        assert!(own.interval[0] > 0.6 && own.interval[1] < 0.8 && own.interval[0] < own.interval[1]);
        assert!((ahead.value - 0.2).abs() < 1e-12);
        assert!(
            ahead.interval[0] > 0.08
                && ahead.interval[1] < 0.32
                && ahead.interval[0] < 0.2
                && ahead.interval[1] > 0.2
        );
        let same = compare(&scores, &scores, &positive, &groups, 1, accuracy)[1];
        assert_eq!((same.value, same.interval), (0.0, [0.0, 0.0]));
    }

    #[test]
    fn whole_groups_are_drawn() {
        // One group of all rows: every draw is the same.
        let scores = [1.0, -1.0, 1.0, 1.0];
        let [own, _] = compare(&scores, &scores, &[true; 4], &["a"; 4], 1, accuracy);
        assert_eq!(own.interval, [0.75, 0.75]);
    }
}
