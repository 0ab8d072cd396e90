//! One of the drafts of each new prompt picked and measured: as the palette was solved, or calibrated on some of the
//! new prompts first.

use super::choose::{Choice, choose, rows_of, weights_for};
use super::measure::{Measured, measure};
use super::shift::{BaseShift, base_shifts};
use crate::asked::AskedTarget;
use crate::compose::Composer;
use crate::{Drafted, DraftsQuestion, Hold, Pooling, Question, Verdict};
use palette_tables::{Answer, Palette, SampleSet, Target, stream};
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

/// What came of picking by one λ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// For each prompt, the index into the drafts' answers of the picked one.
    pub picked: Vec<usize>,
    /// For each draft, the probability with which it is picked among its prompt's.
    pub probability: Vec<f64>,
    pub measured: Measured,
    /// How the base differs from that of the prompts that the palette was solved on.
    pub shifts: Vec<BaseShift>,
}

/// A palette that was solved again on some of the new prompts, and judged on the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibrated {
    /// Indices of the prompts that λ was solved on.
    pub calibration: Vec<usize>,
    pub solved: Drafted,
    /// About the other prompts only, with indices into all drafts; `None` where the palette is not reachable on the
    /// calibration prompts.
    pub judged: Option<Judged>,
}

/// Picks by `lambda` (by name, nats per unit) and measures against `asked`; the same `seed` picks the same.
///
/// # Errors
/// A sentence when a value with weight is not measured on the drafts.
pub fn judge(
    drafts: &SampleSet,
    lambda: &[(String, f64)],
    asked: &[AskedTarget],
    seed: u64,
) -> Result<Judged, String> {
    let weights = weights_for(&drafts.values, lambda)?;
    let choice = choose(drafts, &weights, seed);
    let measured = measure(drafts, &choice, asked);
    let Choice { picked, probability } = choice;
    Ok(Judged { picked, probability, measured, shifts: base_shifts(asked, drafts) })
}

/// Solves what was `asked` on `calibration` of the prompts (chosen by `seed`), each with its drafts to choose from,
/// and judges it on the others; with `confidence` so that it holds there.
///
/// # Errors
/// A sentence when there are too few prompts on either side.
pub fn calibrate(
    drafts: &SampleSet,
    asked: &[AskedTarget],
    calibration: usize,
    confidence: Option<f64>,
    seed: u64,
) -> Result<Calibrated, String> {
    let with_drafts: Vec<usize> = rows_of(drafts).iter().map(|rows| drafts.answers[rows[0]].prompt).collect();
    let most = with_drafts.len().saturating_sub(2);
    if calibration < crate::FEWEST_PROMPTS || calibration > most {
        return Err(format!(
            "{} prompts have drafts. To calibrate, {} or more are needed to solve on and 2 or more to judge on; \
                {calibration} were to be solved on.",
            with_drafts.len(),
            crate::FEWEST_PROMPTS
        ));
    }
    let mut order = with_drafts;
    order.shuffle(&mut stream(seed, "", "calibrate"));
    let (mut solve_on, mut judge_on) = (order[..calibration].to_vec(), order[calibration..].to_vec());
    solve_on.sort_unstable();
    judge_on.sort_unstable();
    let (pilot, _) = part(drafts, &solve_on);
    let (new, rows) = part(drafts, &judge_on);
    let k = pilot.fewest_answers();
    let mut palette = Palette::default();
    for value in &drafts.values {
        let target = asked.iter().find(|asked| asked.group.is_none() && asked.name == value.name);
        palette.targets.insert(value.name.clone(), target.map_or(Target::Off, AskedTarget::target));
    }
    for target in asked {
        let Some(group) = &target.group else { continue };
        if [&pilot, &new].into_iter().any(|side| !side.groups().contains(group)) {
            return Err(format!(
                "To calibrate, prompts of the group {group} are needed to solve on and to judge on, and all of \
                    them fell to one side. Take more prompts of that group, or leave its target out."
            ));
        }
        palette.set_on_group(group, target.value(), target.target());
    }
    let question = Question { palette, pooling: Pooling::PerPrompt };
    let mut composer = Composer::prepared(pilot, Pooling::PerPrompt).map_err(|error| error.to_string())?;
    let hold = confidence.map(|confidence| Hold { confidence, prompts: judge_on.len() });
    let solved =
        composer.drafts(&question, DraftsQuestion { k, hold, seed }).map_err(|error| error.to_string())?;
    let judged = if solved.verdict == Verdict::Reachable {
        let mut judged = judge(&new, &solved.lambda(), &composer.asked(&question)?, seed)?;
        judged.picked.iter_mut().for_each(|j| *j = rows[*j]);
        let mut probability = vec![0.0; drafts.answers.len()];
        rows.iter().zip(&judged.probability).for_each(|(j, p)| probability[*j] = *p);
        judged.probability = probability;
        Some(judged)
    } else {
        None
    };
    Ok(Calibrated { calibration: solve_on, solved, judged })
}

/// The prompts of `set` at `chosen`, and for each of their answers its place in `set`.
fn part(set: &SampleSet, chosen: &[usize]) -> (SampleSet, Vec<usize>) {
    let mut part =
        SampleSet { prompts: Vec::new(), answers: Vec::new(), prompt_weights: Vec::new(), ..set.clone() };
    let mut rows = Vec::new();
    for (place, g) in chosen.iter().enumerate() {
        part.prompts.push(set.prompts[*g].clone());
        for (j, answer) in set.answers_to(*g) {
            part.answers.push(Answer { prompt: place, ..answer.clone() });
            rows.push(j);
        }
    }
    (part, rows)
}

#[cfg(test)]
mod tests {
    use super::super::testing::drafts;
    use super::*;

    fn asked(name: &str, lower: Option<f64>) -> AskedTarget {
        AskedTarget {
            name: name.into(),
            group: None,
            lower,
            upper: None,
            relative: false,
            base: 1.0,
            base_error: Some(0.1),
            prompts: 30,
        }
    }

    #[test]
    fn nothing_is_judged_where_it_was_solved() {
        let drafts = drafts(30);
        let found = calibrate(&drafts, &[asked("a", Some(1.3))], 12, None, 3).expect("an answer");
        let judged = found.judged.expect("within reach");
        assert_eq!((found.calibration.len(), judged.picked.len()), (12, 18));
        for j in &judged.picked {
            assert!(!found.calibration.contains(&drafts.answers[*j].prompt));
        }
        for (j, p) in judged.probability.iter().enumerate() {
            assert_eq!(*p == 0.0, found.calibration.contains(&drafts.answers[j].prompt));
        }
        // All prompts have the same drafts, so what was solved holds exactly.
        assert!((judged.measured.values[0].expected.mean - 1.3).abs() < 1e-9);
        assert!(
            calibrate(&drafts, &[], 29, None, 3).is_err() && calibrate(&drafts, &[], 4, None, 3).is_err()
        );
    }

    #[test]
    fn out_of_reach_on_the_calibration_prompts_nothing_is_judged() {
        let found = calibrate(&drafts(30), &[asked("a", Some(2.5))], 12, None, 3).expect("an answer");
        assert!(found.judged.is_none() && found.solved.verdict == Verdict::Unreachable);
        assert!(judge(&drafts(3), &[("wit".into(), 1.0)], &[], 1).is_err());
    }
}
