//! The list of methods, and those that need no file of their own.

use super::comparison::{CompareQuestion, Compared, Comparison, Method, MethodKind};
use super::ground::{Ground, Row};
use super::mixture::mixture;
use super::weights;
use crate::align::{base_shifts, pick_numbers, targets_on};
use crate::compose::Composer;
use crate::{Drafted, DraftsError, DraftsQuestion, Hold, Pooling, Question};
use map_align::{Round, Step, Verdict, sequential};
use palette_tables::SampleSet;

impl Composer {
    /// The palette of `question` by every method, each choosing one of `compare.k` of the `drafts` of every
    /// new prompt. How the question pools is left aside: each method has its own way.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set, no pilot prompt has k answers, a new prompt has not
    /// exactly k drafts, or the person's weights make no sense. Targets on groups that the drafts have not are left
    /// aside, with a note.
    pub fn compare(
        &mut self,
        question: &Question,
        compare: &CompareQuestion,
        drafts: &SampleSet,
    ) -> Result<Compared, String> {
        let (palette, notes) = targets_on(&question.palette, &drafts.groups());
        let question = &Question { palette, pooling: Pooling::PerPrompt };
        let asked = self.asked(question)?;
        let ground = Ground::new(self, &question.palette, compare, drafts, &asked)?;
        let ours =
            self.drafts(question, drafts_question(compare, None)).map_err(|error| error.to_string())?;
        let held = compare.confidence.map(|confidence| {
            let hold = Some(Hold { confidence, prompts: ground.groups.len() });
            (confidence, self.drafts(question, drafts_question(compare, hold)))
        });
        let pooled = self.in_context(&question.palette, Pooling::Pooled, |mut context| {
            let found = context.assessment();
            (found.verdict, context.on_prompts(&found.solution.lambda))
        })?;
        // Only a λ is sized; on the edge there is none.
        let kl = ours.kl.filter(|_| ours.verdict == Verdict::Reachable);

        let mut rows = vec![base(&ground), weights::equal(&ground, kl)];
        rows.extend(weights::persons(&ground, compare, kl)?);
        rows.push(weights::random(&ground, kl));
        rows.extend(ground.raised.iter().map(|i| best_of_k(&ground, *i)));
        let lambda = match pooled.0 {
            Verdict::Reachable => Ok(ground.by_column(&pooled.1)),
            verdict => Err(out_of_reach(verdict, "all pilot answers in one group")),
        };
        let about = "The λ that meets the palette with all pilot answers in one group, as the paper solves \
            it, whatever k \
            is drawn.";
        let method = Method::new(MethodKind::Pooled, "MAP pooled, as in the paper", about);
        rows.push(ground.softmax(method.with_verdict(pooled.0), lambda));
        rows.push(per_prompt(&ground, &ours));
        rows.extend(held.map(|(confidence, held)| with_confidence(&ground, confidence, held)));
        rows.extend(one_after_another(&ground));
        rows.push(mixture(&ground));

        let (methods, choices) = rows.into_iter().unzip();
        let comparison = Comparison {
            k: compare.k,
            seed: compare.seed,
            prompts: ground.groups.len(),
            raised: ground.raised_names(),
            shifts: base_shifts(&asked, drafts),
            pick_numbers: pick_numbers(drafts, compare.seed),
            methods,
            notes,
            asked,
        };
        Ok(Compared { comparison, choices })
    }
}

fn drafts_question(compare: &CompareQuestion, hold: Option<Hold>) -> DraftsQuestion {
    DraftsQuestion { k: compare.k, hold, seed: compare.seed }
}

fn out_of_reach(verdict: Verdict, among: &str) -> String {
    match verdict {
        Verdict::Edge => format!("The palette lies on the edge of what {among} can give: λ has no bound."),
        _ => format!("The palette is out of reach of {among}."),
    }
}

fn base(ground: &Ground) -> Row {
    let about = "Every draft is as likely as any other: the model as it is.";
    let lambda = Ok(vec![0.0; ground.names.len()]);
    ground.softmax(Method::new(MethodKind::Base, "Base", about), lambda)
}

fn best_of_k(ground: &Ground, column: usize) -> Row {
    let name = &ground.names[column];
    let asked = ground.asked.iter().find(|asked| asked.name == *name);
    let (value, group) = asked.map_or((name.as_str(), None), |asked| (asked.value(), asked.group.as_deref()));
    let on = group.map_or(String::new(), |group| format!(" on prompts of the group {group}"));
    let about = format!(
        "The draft with the most {value} is picked{on}, whatever else it has; ties share alike{}.",
        if group.is_some() { ", and elsewhere all drafts" } else { "" }
    );
    let method = Method::new(MethodKind::BestOfK, format!("Best of {} for {name}", ground.k), about);
    let Some(i) = ground.drafts.value_index(value) else {
        let reason = format!("The drafts have no {name}.");
        return (Method { reason: Some(reason), ..method }, None);
    };
    let reward = |j: usize| ground.drafts.answers[j].rewards[i];
    ground.chosen(method, |rows| {
        if group.is_some_and(|group| ground.drafts.answers[rows[0]].group != group) {
            return vec![1.0 / rows.len() as f64; rows.len()];
        }
        let most = rows.iter().map(|j| reward(*j)).fold(f64::NEG_INFINITY, f64::max);
        let best = rows.iter().filter(|j| reward(**j) == most).count();
        rows.iter().map(|j| if reward(*j) == most { 1.0 / best as f64 } else { 0.0 }).collect()
    })
}

/// λ of what was solved for k drafts, one per column.
fn solved(ground: &Ground, drafted: &Drafted) -> Result<Vec<f64>, String> {
    if drafted.verdict == Verdict::Reachable {
        let lambda: Vec<f64> = drafted.lambda().into_iter().map(|(_, lambda)| lambda).collect();
        return Ok(ground.by_column(&lambda));
    }
    let reason = out_of_reach(drafted.verdict, &format!("choosing one of {} drafts", ground.k));
    Err(match drafted.enough {
        Some(enough) => format!("{reason} One of {enough} reaches it."),
        None => reason,
    })
}

fn per_prompt(ground: &Ground, ours: &Drafted) -> Row {
    let about =
        "The λ whose choice among k drafts of a prompt meets the palette on the pilot, at the least KL.";
    let method =
        Method::new(MethodKind::PerPrompt, format!("MAP per prompt, for {} drafts", ground.k), about);
    ground.softmax(method.with_verdict(ours.verdict), solved(ground, ours))
}

fn with_confidence(ground: &Ground, confidence: f64, held: Result<Drafted, DraftsError>) -> Row {
    let percent = (1000.0 * confidence).round() / 10.0;
    let about = format!(
        "The same, solved with a margin so that each target by itself holds on these {} new prompts \
            {percent} times in \
            100.",
        ground.groups.len()
    );
    let method =
        Method::new(MethodKind::WithConfidence, format!("MAP per prompt, with {percent}% confidence"), about);
    match held {
        Ok(held) => ground.softmax(method.with_verdict(held.verdict), solved(ground, &held)),
        Err(error) => (Method { reason: Some(error.to_string()), ..method }, None),
    }
}

/// One value after another, after one round and after five.
fn one_after_another(ground: &Ground) -> Vec<Row> {
    const ROUNDS: [usize; 2] = [1, 5];
    let joint = ground.choices.solve(&ground.bounds, &ground.relative, None).found;
    let path = (joint.verdict == Verdict::Reachable)
        .then(|| sequential(ground.pilot(), &ground.bounds, &joint.solution, ROUNDS[1], Step::Total));
    let row = |rounds: usize| {
        let (name, after) = match rounds {
            1 => ("One after another, 1 round".to_owned(), "one round".to_owned()),
            n => (format!("One after another, {n} rounds"), format!("{n} rounds")),
        };
        let about = format!(
            "Each target in turn is given the λ that is best for it with the others as they stand, on the \
                pilot's \
                choices among k; where that is after {after}."
        );
        let method = Method::new(MethodKind::OneAfterAnother, name, about).with_verdict(joint.verdict);
        let lambda =
            path.as_ref().and_then(|path| path.get(rounds - 1)).map(|Round { lambda, .. }| lambda.clone());
        let among = format!("choosing one of {} drafts", ground.k);
        ground.softmax(method, lambda.ok_or_else(|| out_of_reach(joint.verdict, &among)))
    };
    ROUNDS.map(row).into()
}
