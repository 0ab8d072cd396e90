//! Best-of-k by chance: among k drafts of a prompt, one is picked with probability softmax(λ·r).

use palette_tables::SampleSet;
use rand::Rng;
use serde::{Deserialize, Serialize};

use super::interval::mean_with_interval;
use palette_tables::stream;

/// Picked answers on fresh prompts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aligned {
    /// All drafts with their rewards.
    pub drafts: SampleSet,
    /// For each prompt, the index into `drafts.answers` of the picked answer.
    pub picked: Vec<usize>,
    /// For each draft, the probability with which it was picked among its prompt's.
    pub probability: Vec<f64>,
    /// For each value of `drafts`: what came out.
    pub realised: Vec<Realised>,
}

/// What came out for one value; levels in its own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Realised {
    /// Mean over prompts of the mean of the drafts.
    pub base: f64,
    /// Mean reward of the picked answers.
    pub picked: f64,
    /// 95% interval of `picked` (Student's t over prompts); `None` with fewer than two prompts.
    pub interval: Option<[f64; 2]>,
    /// Mean over prompts of Σ_j p_j r_j: what picking gives on average over its own chance.
    pub expected: f64,
}

/// λ for each value of the drafts, from λ by name.
///
/// # Errors
/// A plain sentence when the palette weighs a value that the drafts do not have.
pub fn weights_for(drafts: &[palette_tables::Value], lambda: &[(String, f64)]) -> Result<Vec<f64>, String> {
    if let Some((name, _)) =
        lambda.iter().find(|(name, l)| *l != 0.0 && !drafts.iter().any(|v| &v.name == name))
    {
        return Err(format!(
            "The palette gives weight to {name}, which cannot be measured on new answers here. Switch {name} \
                off, or compose on answers that were generated in the page."
        ));
    }
    Ok(drafts
        .iter()
        .map(|v| lambda.iter().find(|(name, _)| *name == v.name).map_or(0.0, |(_, l)| *l))
        .collect())
}

/// Picks one draft for each prompt; the same `seed` picks the same.
pub fn pick(drafts: SampleSet, lambda: &[f64], seed: u64) -> Aligned {
    let m = drafts.values.len();
    let mut probability = vec![0.0; drafts.answers.len()];
    let mut picked = Vec::new();
    let (mut base, mut expected, mut got) = (vec![Vec::new(); m], vec![Vec::new(); m], vec![Vec::new(); m]);
    for (g, prompt) in drafts.prompts.iter().enumerate() {
        let rows: Vec<usize> = drafts.answers_to(g).map(|(j, _)| j).collect();
        let p = softmax(
            rows.iter()
                .map(|&j| drafts.answers[j].rewards.iter().zip(lambda).map(|(r, l)| r * l).sum())
                .collect(),
        );
        let mut left: f64 = stream(seed, prompt, "pick").random();
        let mut chosen = None;
        for (&j, &p) in rows.iter().zip(&p) {
            probability[j] = p;
            left -= p;
            if chosen.is_none() && left < 0.0 {
                chosen = Some(j);
            }
        }
        // Rounding can leave a sliver after the last draft.
        let Some(chosen) = chosen.or(rows.last().copied()) else { continue };
        picked.push(chosen);
        for i in 0..m {
            let reward = |j: usize| drafts.answers[j].rewards[i];
            base[i].push(rows.iter().map(|&j| reward(j)).sum::<f64>() / rows.len() as f64);
            expected[i].push(rows.iter().zip(&p).map(|(&j, p)| p * reward(j)).sum());
            got[i].push(reward(chosen));
        }
    }
    let realised = (0..m)
        .map(|i| {
            let (mean, interval) = mean_with_interval(&got[i]);
            Realised {
                base: mean_with_interval(&base[i]).0,
                picked: mean,
                interval,
                expected: mean_with_interval(&expected[i]).0,
            }
        })
        .collect();
    Aligned { drafts, picked, probability, realised }
}

/// Probabilities ∝ exp(score), shifted by the largest score.
fn softmax(mut scores: Vec<f64>) -> Vec<f64> {
    let shift = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for s in &mut scores {
        *s = (*s - shift).exp();
        sum += *s;
    }
    for s in &mut scores {
        *s /= sum;
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::*;
    use palette_tables::{Answer, Value};

    fn drafts(prompts: usize) -> SampleSet {
        let value = |name: &str| Value { name: name.into(), unit: String::new(), measured: String::new() };
        SampleSet {
            name: String::new(),
            about: String::new(),
            values: vec![value("a"), value("b")],
            prompts: (0..prompts).map(|g| format!("question {g}")).collect(),
            answers: (0..prompts)
                .flat_map(|g| {
                    [(0.0, 1.0), (1.0, 0.0), (2.0, -1.0)]
                        .map(|(a, b)| Answer::new(g, String::new(), vec![a, b]))
                })
                .collect(),
            prompt_weights: Vec::new(),
        }
    }

    #[test]
    fn picks_come_with_probability_softmax() {
        let lambda = [0.8, 0.3];
        let aligned = pick(drafts(4000), &lambda, 5);
        let scores = [0.3, 0.8, 1.3];
        let sum: f64 = scores.iter().map(|s: &f64| s.exp()).sum();
        for (kind, score) in scores.iter().enumerate() {
            let p = score.exp() / sum;
            assert!((aligned.probability[kind] - p).abs() < 1e-12);
            let share = aligned.picked.iter().filter(|j| *j % 3 == kind).count() as f64 / 4000.0;
            assert!(
                (share - p).abs() < 4.0 * (p * (1.0 - p) / 4000.0).sqrt(),
                "draft {kind}: {share} of the picks, expected {p}"
            );
        }
        let value = &aligned.realised[0];
        let [low, high] = value.interval.expect("an interval");
        assert!(low < value.picked && value.picked < high);
        assert!((value.base - 1.0).abs() < 1e-12);
        assert!(value.expected > low - 0.02 && value.expected < high + 0.02);
    }

    #[test]
    fn without_weights_every_draft_is_as_likely_and_seeds_decide() {
        let (a, b, c) = (
            pick(drafts(50), &[0.0, 0.0], 1),
            pick(drafts(50), &[0.0, 0.0], 1),
            pick(drafts(50), &[0.0, 0.0], 2),
        );
        assert!(a.probability.iter().all(|p| (p - 1.0 / 3.0).abs() < 1e-12));
        assert_eq!(a.picked, b.picked);
        assert_ne!(a.picked, c.picked);
    }

    #[test]
    fn a_value_that_cannot_be_measured_is_named() {
        let values = drafts(1).values;
        assert_eq!(weights_for(&values, &[("b".into(), 2.0), ("wit".into(), 0.0)]), Ok(vec![0.0, 2.0]));
        assert!(weights_for(&values, &[("wit".into(), 1.0)]).is_err_and(|e| e.contains("wit")));
    }
}
