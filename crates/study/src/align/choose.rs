//! Best-of-k by chance: among k drafts of a prompt, one is picked with probability softmax(λ·r).

use palette_tables::{Answer, SampleSet, Value, stream};
use rand::Rng;

/// Which draft of each prompt is given, and how likely each was to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// For each prompt that has drafts, the index into the set's answers of the picked one.
    pub picked: Vec<usize>,
    /// For each draft, the probability with which it is picked among its prompt's.
    pub probability: Vec<f64>,
}

/// λ on the drafts, nats per unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights {
    /// For each value of the drafts.
    pub values: Vec<f64>,
    /// On the prompts of one group, beside those: value by its index, group, λ.
    pub on_groups: Vec<(usize, String, f64)>,
}

impl Weights {
    /// λ·r of a draft.
    fn score(&self, draft: &Answer) -> f64 {
        let on_all: f64 = draft.rewards.iter().zip(&self.values).map(|(r, l)| r * l).sum();
        let here = self.on_groups.iter().filter(|(_, group, _)| *group == draft.group);
        here.fold(on_all, |score, (i, _, l)| score + draft.rewards[*i] * l)
    }
}

/// λ for each value of the drafts, from λ by name; `VALUE@GROUP` names one on the prompts of a group.
///
/// # Errors
/// A plain sentence when the palette weighs a value that the drafts do not have.
pub fn weights_for(drafts: &[Value], lambda: &[(String, f64)]) -> Result<Weights, String> {
    let mut weights = Weights { values: vec![0.0; drafts.len()], on_groups: Vec::new() };
    for (name, l) in lambda.iter().filter(|(_, l)| *l != 0.0) {
        let place = |name: &str| drafts.iter().position(|value| value.name == name);
        let on_group = || {
            let mut parts = name.match_indices('@').map(|(at, _)| (&name[..at], &name[at + 1..]));
            parts.find_map(|(value, group)| Some((place(value)?, group)))
        };
        if let Some(i) = place(name) {
            weights.values[i] = *l;
        } else if let Some((i, group)) = on_group() {
            weights.on_groups.push((i, group.to_owned(), *l));
        } else {
            return Err(format!(
                "The palette gives weight to {name}, which cannot be measured on new answers here. Switch \
                    {name} off, or compose on answers that were generated in the page."
            ));
        }
    }
    Ok(weights)
}

/// Picks one draft for each prompt by `weights`; the same `seed` picks the same.
pub fn choose(drafts: &SampleSet, weights: &Weights, seed: u64) -> Choice {
    choose_by(drafts, seed, |rows| softmax(rows.iter().map(|j| weights.score(&drafts.answers[*j])).collect()))
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
    use super::super::testing::{drafts, on_all};
    use super::*;

    #[test]
    fn picks_come_with_probability_softmax() {
        let lambda = [0.8, 0.3];
        let choice = choose(&drafts(4000), &on_all(&lambda), 5);
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
    fn weights_on_a_group_count_on_its_prompts_alone() {
        let mut drafts = drafts(2);
        drafts.answers.iter_mut().skip(3).for_each(|answer| answer.group = "teens".into());
        let lambda = [("a".to_owned(), 0.5), ("a@teens".to_owned(), 0.25)];
        let choice = choose(&drafts, &weights_for(&drafts.values, &lambda).expect("weights"), 1);
        for (rows, l) in [(0..3, 0.5f64), (3..6, 0.75)] {
            let odds = choice.probability[rows.end - 1] / choice.probability[rows.start];
            assert!((odds.ln() - 2.0 * l).abs() < 1e-12, "{odds}");
        }
    }

    #[test]
    fn without_weights_every_draft_is_as_likely_and_seeds_decide() {
        let drafts = drafts(50);
        let of = |seed| choose(&drafts, &on_all(&[0.0, 0.0]), seed);
        assert!(of(1).probability.iter().all(|p| (p - 1.0 / 3.0).abs() < 1e-12));
        assert_eq!(of(1).picked, of(1).picked);
        assert_ne!(of(1).picked, of(2).picked);
    }

    #[test]
    fn a_value_that_cannot_be_measured_is_named() {
        let values = drafts(1).values;
        assert_eq!(weights_for(&values, &[("b".into(), 2.0), ("wit".into(), 0.0)]), Ok(on_all(&[0.0, 2.0])));
        for name in ["wit", "wit@teens"] {
            assert!(weights_for(&values, &[(name.into(), 1.0)]).is_err_and(|e| e.contains(name)));
        }
    }
}
