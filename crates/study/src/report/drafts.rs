//! A palette for choosing one of k drafts, and for doing so on new prompts.

use super::{Moved, closest};
use crate::Question;
use crate::asked::AskedTarget;
use crate::compose::{Composer, SolveContext};
use crate::hold::{Choices, Held, Hold};
use crate::interval::student;
use map_align::{Bounds, Repair, Verdict, VertexPool, in_drafts, repair, solve, standard_errors};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is asked of a choice among drafts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftsQuestion {
    /// Drafts to choose one of, 1 or more.
    pub k: usize,
    /// The palette is to hold on new prompts; else on those that it is solved on.
    pub hold: Option<Hold>,
    /// Deals the answers into groups of k.
    pub seed: u64,
}

/// The palette when one of k drafts is chosen: solved on groups of k.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drafted {
    pub k: usize,
    /// Groups of k answers, of each deal.
    pub groups: usize,
    /// Answers left over by each deal.
    pub left_out: usize,
    /// Prompts that the groups come from.
    pub prompts: usize,
    /// On how many new prompts it is to hold, and how surely, where that was asked.
    pub hold: Option<Hold>,
    /// Of the palette with its margins; so is all that follows.
    pub verdict: Verdict,
    /// As in [`Report`](super::Report).
    #[serde(rename = "slack_sd")]
    pub slack: Option<f64>,
    /// Nats, as in [`Report`](super::Report).
    pub kl: Option<f64>,
    /// Nats that it costs without margins; `None` where it is out of reach even so.
    pub kl_without_margin: Option<f64>,
    /// ln k: the most that choosing among k can spend, nats.
    pub largest_kl: f64,
    /// What was asked of each value, then on each group.
    pub asked: Vec<AskedTarget>,
    /// One for each value.
    pub values: Vec<DraftedValue>,
    /// One for each target on a group of prompts, named `VALUE@GROUP`; λ is of the value on that group's prompts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_groups: Vec<DraftedValue>,
    /// Where it is not reachable: the smallest number of drafts found that reaches it, of as many as the prompts
    /// have.
    pub enough: Option<usize>,
    /// Where it is not reachable: what changes in the palette for the nearest one that this k reaches, in the levels
    /// to ask for (before margins).
    pub nearest: Option<Vec<Moved>>,
    /// Number of new prompts on which every target that holds with a margin would probably (8 times in 10) be told
    /// from a miss by its 95% interval; `None` where nothing has a margin.
    pub deciding_prompts: Option<usize>,
}

impl Drafted {
    /// The level realised on what it was solved on, of every value and of what is asked on groups by name; empty where
    /// there is none.
    pub fn realised(&self) -> Vec<(String, f64)> {
        let all = self.values.iter().chain(&self.on_groups);
        all.filter_map(|value| Some((value.name.clone(), value.realised?))).collect()
    }

    /// λ of every value by name, then of every target on a group by `VALUE@GROUP`, nats per unit; empty unless
    /// reachable.
    pub fn lambda(&self) -> Vec<(String, f64)> {
        self.values
            .iter()
            .chain(&self.on_groups)
            .filter_map(|value| Some((value.name.clone(), value.lambda?)))
            .collect()
    }
}

/// One value's part in [`Drafted`]; levels in the value's own unit, in the order of [`Drafted::asked`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftedValue {
    pub name: String,
    /// How much further than asked it is solved for, so as to hold on new prompts; `None` where that was not asked.
    pub margin: Option<f64>,
    /// Nats per unit; `None` unless reachable.
    pub lambda: Option<f64>,
    /// The level realised on average.
    pub realised: Option<f64>,
    /// Standard error of that level, or of its lift where the target is relative, on the prompts it was solved on.
    pub standard_error: Option<f64>,
    /// Standard deviation of a choice, of that level or lift, between new prompts.
    pub between_prompts: Option<f64>,
}

/// Why a palette was not solved for k drafts.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DraftsError {
    /// The palette makes no sense on the set, or the question on any: a sentence.
    #[error("{0}")]
    Palette(String),
    #[error("No prompt has {k} answers to choose from. Ask for fewer drafts, or let all answers compete.")]
    TooMany { k: usize },
}

/// Rows after dealing: more take time and tell little.
const MOST_ROWS: usize = 60_000;
/// Fewer prompts than this say too little about others.
pub const FEWEST_PROMPTS: usize = 5;
/// A palette at the edge of what a k reaches has no λ: what gave way gives so many standard deviations more.
const WITHIN: f64 = 0.02;

impl Composer {
    /// Solves `question` on groups of k answers: its λ is the one whose expected choice among k meets the palette,
    /// with a margin where it is to hold on new prompts.
    ///
    /// # Errors
    /// When no prompt has k answers, there are too few prompts to tell of new ones, or the palette makes no sense
    /// on this set.
    pub fn drafts(&mut self, question: &Question, drafts: DraftsQuestion) -> Result<Drafted, DraftsError> {
        let hold = drafts.hold.map(Hold::checked).transpose().map_err(DraftsError::Palette)?;
        let solved = self.in_context(&question.palette, question.pooling, |context| {
            drafted(&context, DraftsQuestion { hold, ..drafts })
        });
        solved.map_err(DraftsError::Palette)?
    }
}

impl Composer {
    /// What `question` asks of each value, then on each group that the set has, to be judged on new prompts.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set.
    pub fn asked(&mut self, question: &Question) -> Result<Vec<AskedTarget>, String> {
        self.in_context(&question.palette, question.pooling, |context| asked(&context))
    }
}

fn asked(context: &SolveContext) -> Vec<AskedTarget> {
    let relative = context.relative();
    let prompts = context.table.units().count();
    let errors = (prompts > 1).then(|| base_errors(context));
    let asked = |(i, value): (usize, &palette_tables::Value)| AskedTarget {
        name: value.name.clone(),
        group: None,
        lower: context.bounds[i].lower,
        upper: context.bounds[i].upper,
        relative: relative[i],
        base: context.problem.mean(i),
        base_error: errors.as_ref().map(|errors| errors[i]),
        prompts,
    };
    let mut all: Vec<AskedTarget> = context.set.values.iter().enumerate().map(asked).collect();
    all.extend(context.subgroup_columns().iter().map(|at| {
        let subgroup = &context.resolved.subgroups[at.subgroup];
        let inside = context.set.answers.iter().zip(&subgroup.rows).filter(|(_, inside)| **inside);
        AskedTarget {
            name: context.column_name(at.column),
            group: Some(subgroup.group.clone()),
            lower: subgroup.bounds.lower,
            upper: subgroup.bounds.upper,
            relative: subgroup.relative,
            base: subgroup.base,
            base_error: errors.as_ref().map(|errors| errors[at.column]),
            prompts: inside.map(|(answer, _)| answer.prompt).collect::<BTreeSet<_>>().len(),
        }
    }));
    all
}

/// Standard error of the base mean of every column.
fn base_errors(context: &SolveContext) -> Vec<f64> {
    let at_base = solve(context.problem, &vec![Bounds::OFF; context.problem.values()], None);
    standard_errors(context.problem, &at_base.weights)
}

fn drafted(context: &SolveContext, drafts: DraftsQuestion) -> Result<Drafted, DraftsError> {
    let DraftsQuestion { k, hold, .. } = drafts;
    let choices = choices(context, k, drafts.seed).ok_or(DraftsError::TooMany { k })?;
    if hold.is_some() && choices.prompts < FEWEST_PROMPTS {
        return Err(DraftsError::Palette(format!(
            "To hold on new prompts a palette must be solved on {FEWEST_PROMPTS} prompts or more, each with {k} \
                answers; here {} have as many. Bring more prompts, or ask for fewer drafts.",
            match choices.prompts {
                1 => "only 1".to_owned(),
                n => format!("only {n}"),
            }
        )));
    }
    let relative = context.relative();
    let held = choices.solve(context.bounds, &relative, hold);
    let plain = hold.map(|_| choices.solve(context.bounds, &relative, None));
    let at = closest(&held.found);
    let reachable = held.found.verdict == Verdict::Reachable;
    let bounded = reachable.then_some(&held.found.solution);
    let lambda = bounded.map(|s| context.on_prompts(&s.lambda));
    let m = context.set.values.len();
    let columns = (0..m).chain(context.subgroup_columns().iter().map(|at| at.column));
    let mut values: Vec<DraftedValue> = columns
        .enumerate()
        .map(|(place, i)| DraftedValue {
            name: context.column_name(i),
            margin: hold.map(|_| held.margins[i]),
            lambda: lambda.as_ref().map(|lambda| lambda[place]),
            realised: at.map(|s| s.realised[i]),
            standard_error: bounded.map(|_| held.spreads[i].pilot).filter(|e| e.is_finite()),
            between_prompts: bounded.map(|_| held.spreads[i].between).filter(|e| e.is_finite()),
        })
        .collect();
    let on_groups = values.split_off(m);
    Ok(Drafted {
        k,
        groups: choices.dealt.per_deal,
        left_out: choices.dealt.left_out,
        prompts: choices.prompts,
        hold,
        verdict: held.found.verdict,
        slack: held.found.slack,
        kl: at.map(|s| s.kl),
        kl_without_margin: plain.as_ref().map_or(at, |plain| closest(&plain.found)).map(|s| s.kl),
        largest_kl: (k as f64).ln(),
        asked: asked(context),
        values,
        on_groups,
        enough: if reachable { None } else { enough(context, &relative, drafts) },
        nearest: if reachable { None } else { nearest(context, &choices, &held) },
        deciding_prompts: hold
            .filter(|_| reachable)
            .and_then(|hold| deciding(&held, hold.confidence, choices.prompts)),
    })
}

/// The answers dealt into groups of `k`.
pub(crate) fn choices(context: &SolveContext, k: usize, seed: u64) -> Option<Choices> {
    let deals = (MOST_ROWS / context.problem.rows().max(1)).clamp(1, 4);
    in_drafts(context.problem, k, deals, seed).map(Choices::new)
}

/// The smallest number of drafts above k that reaches the palette.
fn enough(context: &SolveContext, relative: &[bool], drafts: DraftsQuestion) -> Option<usize> {
    let steps = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024];
    steps.into_iter().filter(|k| *k > drafts.k).find(|k| {
        choices(context, *k, drafts.seed).is_some_and(|choices| {
            let enough_prompts = drafts.hold.is_none() || choices.prompts >= FEWEST_PROMPTS;
            enough_prompts
                && choices.solve(context.bounds, relative, drafts.hold).found.verdict == Verdict::Reachable
        })
    })
}

/// What changes in the palette for the nearest one that these choices reach, eased until it lies within reach. What
/// gives way gives way in what was asked: the margin stays on top.
fn nearest(context: &SolveContext, choices: &Choices, held: &Held) -> Option<Vec<Moved>> {
    let problem = &choices.dealt.problem;
    let found = repair(problem, &mut VertexPool::default(), &held.bounds, &Repair::Nearest)?;
    let moved = |i: usize| {
        let (asked, solved, got) = (context.bounds[i], held.bounds[i], found.bounds[i]);
        let ease = WITHIN * problem.standard_deviation(i);
        let side = |of: fn(Bounds) -> Option<f64>, ease: f64| {
            let (asked, solved, got) = (of(asked)?, of(solved)?, of(got)?);
            Some(if got == solved { asked } else { asked + (got - solved) + ease })
        };
        let (value, group) = context.place_of(i)?;
        Some(Moved {
            value,
            group,
            lower: side(|b| b.lower, -ease),
            upper: side(|b| b.upper, ease),
            by: found.moved[i],
        })
    };
    Some((0..problem.values()).filter(|i| found.bounds[*i] != held.bounds[*i]).filter_map(moved).collect())
}

/// How many new prompts tell a target that is solved with a margin from a miss, 8 times in 10, by a 95% interval:
/// the margin is then as wide as the interval's half and the 80% point of the mean.
fn deciding(held: &Held, confidence: f64, prompts: usize) -> Option<usize> {
    const MOST: usize = 100_000;
    let factor = student(confidence, prompts.saturating_sub(1));
    let needed = |i: usize| -> Option<usize> {
        let (spread, margin) = (held.spreads[i], held.margins[i]);
        if margin <= 0.0 || held.found.solution.lambda.get(i) == Some(&0.0) {
            return None;
        }
        // The margin shrinks as the prompts grow, toward that of the pilot alone.
        let mut n = 2usize;
        while n < MOST {
            let margin = factor * spread.error(n);
            let told = (student(0.975, n - 1) + student(0.8, n - 1)) * spread.between / (n as f64).sqrt();
            if margin >= told {
                return Some(n);
            }
            n = (n + 1).max(n * 21 / 20);
        }
        Some(MOST)
    };
    (0..held.margins.len()).filter_map(needed).max()
}
