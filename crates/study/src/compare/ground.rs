//! What all methods stand on: the pilot's answers dealt into choices among k, and the drafts that they choose
//! from.

use super::comparison::{CompareQuestion, Method, MethodKind, Tally};
use crate::align::{AskedTarget, Choice, Weights, choose, choose_by, measure, rows_of, weights_for};
use crate::compose::Composer;
use crate::hold::Choices;
use crate::report::choices;
use crate::{ByName, Pooling};
use map_align::{Bounds, Problem, Verdict, scale_to_kl, tilt};
use palette_tables::{Palette, SampleSet};

/// What the methods share.
pub(super) struct Ground<'a> {
    pub(super) drafts: &'a SampleSet,
    pub(super) asked: &'a [AskedTarget],
    pub(super) k: usize,
    pub(super) seed: u64,
    /// The rows of each prompt that has drafts.
    pub(super) groups: Vec<Vec<usize>>,
    pub(super) choices: Choices,
    /// One for each column of the pilot's choices: its values.
    pub(super) bounds: Vec<Bounds>,
    pub(super) relative: Vec<bool>,
    /// Of every column.
    pub(super) names: Vec<String>,
    /// The columns that have weights on drafts, those of values and of targets on groups, each with what one nat
    /// per unit of the column is in nats per unit of the value on the prompts that it is about.
    weighted: Vec<(usize, f64)>,
    /// The columns whose lower bound lies above the base.
    pub(super) raised: Vec<usize>,
}

/// A method with the choice that its numbers are of.
pub(super) type Row = (Method, Option<Choice>);

impl<'a> Ground<'a> {
    /// # Errors
    /// A sentence when the palette makes no sense on the pilot, no pilot prompt has k answers, or a new
    /// prompt has not exactly k drafts.
    pub(super) fn new(
        composer: &mut Composer,
        palette: &Palette,
        question: &CompareQuestion,
        drafts: &'a SampleSet,
        asked: &'a [AskedTarget],
    ) -> Result<Self, String> {
        let CompareQuestion { k, seed, .. } = *question;
        let groups = rows_of(drafts);
        if groups.is_empty() {
            return Err("There are no drafts to compare on. Bring some answers to new prompts.".into());
        }
        if let Some(rows) = groups.iter().find(|rows| rows.len() != k) {
            return Err(format!(
                "A new prompt has {} drafts and not {k}: to be compared, methods must choose among as many \
                    everywhere. Take the same number of drafts of every prompt.",
                rows.len()
            ));
        }
        composer.in_context(palette, Pooling::PerPrompt, |context| {
            let choices = choices(&context, k, seed).ok_or_else(|| {
                format!(
                    "No pilot prompt has {k} answers to be dealt into choices among {k}. Compare with fewer \
                        drafts a prompt."
                )
            })?;
            let problem = &choices.dealt.problem;
            let raised = |i: &usize| {
                let base = context.problem.mean(*i);
                let least = 1e-9 * problem.standard_deviation(*i);
                context.bounds[*i].lower.is_some_and(|lower| lower - base > least)
            };
            Ok(Ground {
                drafts,
                asked,
                k,
                seed,
                groups,
                bounds: context.bounds.to_vec(),
                relative: context.relative(),
                names: context.column_names(),
                weighted: context.weighted(),
                raised: (0..context.bounds.len()).filter(raised).collect(),
                choices,
            })
        })?
    }

    pub(super) fn pilot(&self) -> &Problem {
        &self.choices.dealt.problem
    }

    /// λ (one per column) of the values by name, and of targets on groups by `VALUE@GROUP`: nats per unit of the
    /// value on the prompts that they are about.
    pub(super) fn by_name(&self, lambda: &[f64]) -> ByName {
        self.weighted.iter().map(|(i, unit)| (self.names[*i].clone(), lambda[*i] * unit)).collect()
    }

    /// The inverse of [`Ground::by_name`], for λ in that order.
    pub(super) fn by_column(&self, on_prompts: &[f64]) -> Vec<f64> {
        let mut lambda = vec![0.0; self.names.len()];
        self.weighted.iter().zip(on_prompts).for_each(|((i, unit), l)| lambda[*i] = l / unit);
        lambda
    }

    /// λ (one per column) of which each value's on its prompts is its one of `weights` over β.
    pub(super) fn over(&self, weights: &[f64], beta: f64) -> Vec<f64> {
        let on_prompts: Vec<f64> = self.weighted.iter().map(|(i, _)| weights[*i] / beta).collect();
        self.by_column(&on_prompts)
    }

    /// λ by name as weights of the drafts' values.
    ///
    /// # Errors
    /// A sentence when the drafts lack a value with weight.
    pub(super) fn weights(&self, lambda: &ByName) -> Result<Weights, String> {
        let named: Vec<(String, f64)> = lambda.iter().map(|(name, l)| (name.to_owned(), l)).collect();
        weights_for(&self.drafts.values, &named)
    }

    /// The names of the raised values.
    pub(super) fn raised_names(&self) -> Vec<String> {
        self.raised.iter().map(|i| self.names[*i].clone()).collect()
    }

    /// λ in the proportions of `weights` (one per column, per standard deviation) that spends `kl` nats on
    /// the pilot's choices.
    ///
    /// # Errors
    /// A sentence when there is no KL to match, or no size of these weights spends as much.
    pub(super) fn scaled(&self, weights: &[f64], kl: Option<f64>) -> Result<Vec<f64>, String> {
        let kl = kl.ok_or_else(|| {
            format!(
                "There is no KL to match: MAP per prompt has no λ here for choosing one of {} drafts.",
                self.k
            )
        })?;
        let per_unit = |(i, w): (usize, &f64)| {
            let sd = self.pilot().standard_deviation(i);
            if sd > 0.0 { w / sd } else { 0.0 }
        };
        let direction: Vec<f64> = weights.iter().enumerate().map(per_unit).collect();
        let s = scale_to_kl(self.pilot(), &direction, kl)
            .ok_or_else(|| format!("Weights in these proportions spend {kl:.4} nats at no size."))?;
        Ok(direction.iter().map(|d| s * d).collect())
    }

    /// The row of a method that is one λ (one per column, nats per unit).
    pub(super) fn softmax(&self, method: Method, lambda: Result<Vec<f64>, String>) -> Row {
        let named = lambda.map(|lambda| {
            let kl = tilt(self.pilot(), &lambda).kl;
            (self.by_name(&lambda), kl)
        });
        let (named, kl) = match named {
            Ok(found) => found,
            Err(reason) => return (Method { reason: Some(reason), ..method }, None),
        };
        let weights = self.weights(&named);
        let method = Method { lambda: Some(named), pilot_kl: Some(kl), ..method };
        match weights {
            Ok(weights) => self.measured(method, choose(self.drafts, &weights, self.seed)),
            Err(reason) => (Method { reason: Some(reason), ..method }, None),
        }
    }

    /// The row of a method that gives probabilities to the rows of a prompt.
    pub(super) fn chosen(&self, method: Method, of: impl Fn(&[usize]) -> Vec<f64>) -> Row {
        self.measured(method, choose_by(self.drafts, self.seed, of))
    }

    fn measured(&self, method: Method, choice: Choice) -> Row {
        let measured = measure(self.drafts, &choice, self.asked);
        let targets = Some(Tally::of(&measured));
        let picked = choice.picked.clone();
        (Method { measured: Some(measured), picked, targets, ..method }, Some(choice))
    }
}

impl Method {
    /// A method of which nothing is known yet.
    pub(super) fn new(kind: MethodKind, name: impl Into<String>, about: impl Into<String>) -> Self {
        Method {
            kind,
            name: name.into(),
            about: about.into(),
            lambda: None,
            pilot_kl: None,
            measured: None,
            picked: Vec::new(),
            targets: None,
            verdict: None,
            reason: None,
            parts: Vec::new(),
            random: None,
        }
    }

    /// With the verdict of what it solves.
    pub(super) fn with_verdict(self, verdict: Verdict) -> Self {
        Method { verdict: Some(verdict), ..self }
    }
}
