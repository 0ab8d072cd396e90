//! Best-of-k by chance: among k drafts of a prompt, one is picked with probability softmax(λ·r).

use palette_tables::{SampleSet, Value, stream};
use rand::Rng;

/// Which draft of each prompt is given, and how likely each was to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// For each prompt that has drafts, the index into the set's answers of the picked one.
    pub picked: Vec<usize>,
    /// For each draft, the probability with which it is picked among its prompt's.
    pub probability: Vec<f64>,
}

/// λ for each value of the drafts, from λ by name.
///
/// # Errors
/// A plain sentence when the palette weighs a value that the drafts do not have.
pub fn weights_for(drafts: &[Value], lambda: &[(String, f64)]) -> Result<Vec<f64>, String> {
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

/// Picks one draft for each prompt by `lambda` (one for each value, nats per unit); the same `seed` picks the same.
pub fn choose(drafts: &SampleSet, lambda: &[f64], seed: u64) -> Choice {
    let score = |j: usize| drafts.answers[j].rewards.iter().zip(lambda).map(|(r, l)| r * l).sum::<f64>();
    choose_by(drafts, seed, |rows| softmax(rows.iter().map(|j| score(*j)).collect()))
}

/// For each prompt that has drafts, the number in 0..1 that its pick goes by: the first draft is picked with which
/// the probabilities of those before it and its own add up to more.
pub fn pick_numbers(drafts: &SampleSet, seed: u64) -> Vec<f64> {
    rows_of(drafts)
        .iter()
        .map(|rows| pick_number(seed, &drafts.prompts[drafts.answers[rows[0]].prompt]))
        .collect()
}

fn pick_number(seed: u64, prompt: &str) -> f64 {
    stream(seed, prompt, "pick").random()
}

/// Picks one draft for each prompt by the probabilities that `of` gives to the rows of a prompt.
pub fn choose_by(drafts: &SampleSet, seed: u64, of: impl Fn(&[usize]) -> Vec<f64>) -> Choice {
    let mut probability = vec![0.0; drafts.answers.len()];
    let mut picked = Vec::new();
    for rows in rows_of(drafts) {
        let prompt = &drafts.prompts[drafts.answers[rows[0]].prompt];
        let p = of(&rows);
        let mut left = pick_number(seed, prompt);
        let mut chosen = None;
        for (&j, &p) in rows.iter().zip(&p) {
            probability[j] = p;
            left -= p;
            if chosen.is_none() && left < 0.0 {
                chosen = Some(j);
            }
        }
        // Rounding can leave a sliver after the last draft.
        picked.extend(chosen.or(rows.last().copied()));
    }
    Choice { picked, probability }
}

/// The rows of each prompt that has any, in the order of the prompts.
pub(crate) fn rows_of(drafts: &SampleSet) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); drafts.prompts.len()];
    for (j, answer) in drafts.answers.iter().enumerate() {
        rows[answer.prompt].push(j);
    }
    rows.retain(|rows| !rows.is_empty());
    rows
}

/// Probabilities ∝ exp(score), shifted by the largest score.
pub(super) fn softmax(mut scores: Vec<f64>) -> Vec<f64> {
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
    use super::super::testing::drafts;
    use super::*;

    #[test]
    fn picks_come_with_probability_softmax() {
        let lambda = [0.8, 0.3];
        let choice = choose(&drafts(4000), &lambda, 5);
        let scores = [0.3, 0.8, 1.3];
        let sum: f64 = scores.iter().map(|s: &f64| s.exp()).sum();
        for (kind, score) in scores.iter().enumerate() {
            let p = score.exp() / sum;
            assert!((choice.probability[kind] - p).abs() < 1e-12);
            let share = choice.picked.iter().filter(|j| *j % 3 == kind).count() as f64 / 4000.0;
            assert!(
                (share - p).abs() < 4.0 * (p * (1.0 - p) / 4000.0).sqrt(),
                "draft {kind}: {share} of the picks, expected {p}"
            );
        }
    }

    #[test]
    fn without_weights_every_draft_is_as_likely_and_seeds_decide() {
        let drafts = drafts(50);
        let of = |seed| choose(&drafts, &[0.0, 0.0], seed);
        assert!(of(1).probability.iter().all(|p| (p - 1.0 / 3.0).abs() < 1e-12));
        assert_eq!(of(1).picked, of(1).picked);
        assert_ne!(of(1).picked, of(2).picked);
    }

    #[test]
    fn a_value_that_cannot_be_measured_is_named() {
        let values = drafts(1).values;
        assert_eq!(weights_for(&values, &[("b".into(), 2.0), ("wit".into(), 0.0)]), Ok(vec![0.0, 2.0]));
        assert!(weights_for(&values, &[("wit".into(), 1.0)]).is_err_and(|e| e.contains("wit")));
    }
}
