//! A mixture of the solutions of each target alone: a stand-in for rewarded soups, which average the weights
//! of models that were each trained for one value (arXiv 2306.04488). Here the distributions are averaged.

use super::comparison::{Method, MethodKind, Part};
use super::ground::{Ground, Row};
use crate::align::choose;
use map_align::{Bounds, Verdict};

/// The mean of the choices that meet each raised target alone.
pub(super) fn mixture(ground: &Ground) -> Row {
    let about = "Each raised value's target solved alone for choosing among k, and the mean of what those \
        would pick: a \
        stand-in for rewarded soups, which average models instead.";
    let method = Method::new(MethodKind::Mixture, "Mixture of single solutions", about);
    let without = |method: Method, reason: String| (Method { reason: Some(reason), ..method }, None);
    if ground.raised.is_empty() {
        return without(
            method,
            "No value is to be raised above the base, so there is nothing to mix.".into(),
        );
    }
    let mut parts = Vec::new();
    let mut mean = vec![0.0; ground.drafts.answers.len()];
    for i in &ground.raised {
        let name = &ground.names[*i];
        let mut alone = vec![Bounds::OFF; ground.bounds.len()];
        alone[*i] = ground.bounds[*i];
        let found = ground.choices.solve(&alone, &ground.relative, None).found;
        if found.verdict != Verdict::Reachable {
            let why =
                format!("The target of {name} alone cannot be met by choosing one of {} drafts.", ground.k);
            return without(method.with_verdict(found.verdict), why);
        }
        let lambda = ground.by_name(&found.solution.lambda);
        let weights = match ground.weights(&lambda) {
            Ok(weights) => weights,
            Err(reason) => return without(method, reason),
        };
        let probability = choose(ground.drafts, &weights, ground.seed).probability;
        let share = 1.0 / ground.raised.len() as f64;
        mean.iter_mut().zip(&probability).for_each(|(mean, p)| *mean += share * p);
        parts.push(Part { name: name.clone(), share, lambda });
    }
    let method = Method { parts, ..method.with_verdict(Verdict::Reachable) };
    ground.chosen(method, |rows| rows.iter().map(|j| mean[*j]).collect())
}
