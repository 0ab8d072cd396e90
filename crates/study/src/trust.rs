//! How far the answer to a palette can be trusted: resampled prompts, held-out levels, and a warning in
//! words.

use super::compose::Composer;
use crate::{Question, Trust, TrustedValue};
use map_align::{
    Bootstrapping, Bounds, HeldOut, Problem, Solution, Units, effective_samples, held_out, largest_weight,
    solve,
};

/// Everything that the study of one palette needs, so that it can be made in steps.
pub struct TrustStudy {
    problem: Problem,
    units: Units,
    bounds: Vec<Bounds>,
    solution: Solution,
    names: Vec<String>,
}

/// Effective answers below which the weights rest on few.
const FEW: f64 = 30.0;

impl Composer {
    /// Prepares the study; `None` when the palette has no solution to study.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set.
    pub fn trust(&mut self, question: &Question) -> Result<Option<TrustStudy>, String> {
        self.in_context(&question.palette, question.pooling, |set, context| {
            let solution = solve(context.problem, context.bounds, context.start.as_deref());
            solution.converged().then(|| TrustStudy {
                problem: context.problem.clone(),
                units: context.prepared.units(),
                bounds: context.bounds.to_vec(),
                solution,
                names: set.values.iter().map(|v| v.name.clone()).collect(),
            })
        })
    }
}

impl TrustStudy {
    /// The bootstrap, to be stepped.
    pub fn bootstrap(&self, seed: u64) -> Bootstrapping<'_> {
        Bootstrapping::new(&self.problem, &self.units, &self.bounds, &self.solution, seed)
    }

    /// Levels on held-out prompts; at most as many folds as there are prompts.
    pub fn held_out(&self, folds: usize, seed: u64) -> HeldOut {
        held_out(
            &self.problem,
            &self.units,
            &self.bounds,
            Some(&self.solution),
            folds.clamp(2, self.units.count().max(2)),
            seed,
        )
    }

    /// All of it, with warnings.
    pub fn report(&self, bootstrap: map_align::Bootstrap, held: HeldOut) -> Trust {
        let pair = |intervals: &Option<Vec<[f64; 2]>>, i: usize| intervals.as_ref().map(|x| x[i]);
        let values: Vec<TrustedValue> = (0..self.names.len())
            .map(|i| TrustedValue {
                lambda: pair(&bootstrap.lambda, i),
                realised: pair(&bootstrap.realised, i),
                held_out: held.levels.as_ref().map(|l| l[i]),
            })
            .collect();
        let effective = effective_samples(&self.problem, &self.solution.weights);
        let largest = largest_weight(&self.problem, &self.solution.weights);
        let mut warnings = Vec::new();
        if self.problem.group_count() == 1 && effective < FEW && self.solution.kl > 0.0 {
            warnings.push(format!(
                "The weights rest on about {effective:.0} answers of {}, the heaviest with {:.0}%: other \
                    answers would give other numbers.",
                self.problem.rows(),
                100.0 * largest
            ));
        }
        let misses = bootstrap.resamples - bootstrap.reachable;
        if misses * 20 > bootstrap.resamples {
            warnings.push(format!(
                "With other prompts of the same kind the palette would be out of reach or on the edge about \
                    {:.0} times in 100.",
                100.0 * misses as f64 / bootstrap.resamples.max(1) as f64
            ));
        }
        if held.failed > 0 {
            warnings.push(format!(
                "On {} of {} parts the other prompts alone do not reach the palette, so there is no held-out \
                    level to compare with.",
                held.failed, held.folds
            ));
        }
        for (i, value) in values.iter().enumerate() {
            let realised = self.solution.realised[i];
            if let (Some([low, high]), Some(held)) = (value.realised, value.held_out)
                && !(low..=high).contains(&held)
            {
                let word = if held < realised { "less" } else { "more" };
                warnings.push(format!(
                    "{}: {} on prompts that λ was not solved on, {word} than the interval of {} allows. The \
                        sample flatters itself.",
                    self.names[i],
                    short(held),
                    short(realised)
                ));
            }
        }
        Trust {
            resamples: bootstrap.resamples,
            reachable: bootstrap.reachable,
            edge: bootstrap.edge,
            unreachable: bootstrap.unreachable,
            values,
            effective_samples: effective,
            largest_weight: largest,
            folds: held.folds,
            failed_folds: held.failed,
            warnings,
        }
    }
}

/// Three figures.
fn short(x: f64) -> String {
    if x == 0.0 || !(1e-3..1e5).contains(&x.abs()) {
        return format!("{x:.2e}");
    }
    let figures = (2 - x.abs().log10().floor() as i32).clamp(0, 6) as usize;
    format!("{x:.figures$}")
}
