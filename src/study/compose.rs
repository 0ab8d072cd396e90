//! Palettes on a sample set: the same set answers one palette after another, and each answer starts from what the last one found.

use crate::map::{Answer, Cuts, Problem, ProblemError, Verdict as Reached, answer, effective_samples, standard_errors};
use crate::protocol::{Pooling, ShownCertificate, Solved, SolvedValue, Verdict};
use crate::table::{Palette, SampleSet};
use ndarray::Array2;

use super::interval::NORMAL_95;

/// A sample set ready to be composed on.
pub struct Composer {
    set: SampleSet,
    pooled: Ready,
    per_prompt: Ready,
}

/// One way of grouping the answers, with what earlier palettes found.
struct Ready {
    problem: Problem,
    cuts: Cuts,
    lambda: Option<Vec<f64>>,
}

impl Ready {
    fn new(rewards: &Array2<f64>, sizes: &[usize]) -> Result<Self, ProblemError> {
        Ok(Ready { problem: Problem::new(rewards, sizes)?, cuts: Cuts::default(), lambda: None })
    }
}

impl Composer {
    /// # Errors
    /// When the set has no answers or a reward is not finite.
    pub fn new(set: SampleSet) -> Result<Self, ProblemError> {
        let (n, m) = (set.answers.len(), set.values.len());
        let rewards = Array2::from_shape_fn((n, m), |(j, i)| set.answers[j].rewards.get(i).copied().unwrap_or(f64::NAN));
        let mut sizes = vec![0; set.prompts.len()];
        for answer in &set.answers {
            if let Some(size) = sizes.get_mut(answer.prompt) {
                *size += 1;
            }
        }
        sizes.retain(|s| *s > 0);
        Ok(Composer { pooled: Ready::new(&rewards, &[n])?, per_prompt: Ready::new(&rewards, &sizes)?, set })
    }

    /// The sample set.
    pub fn set(&self) -> &SampleSet {
        &self.set
    }

    /// Solves `palette`. `milliseconds` is left 0: the caller has the clock.
    pub fn solve(&mut self, palette: &Palette, pooling: Pooling) -> Solved {
        let ready = match pooling {
            Pooling::Pooled => &mut self.pooled,
            Pooling::PerPrompt => &mut self.per_prompt,
        };
        let problem = &ready.problem;
        let targets: Vec<Option<f64>> = self
            .set
            .values
            .iter()
            .enumerate()
            .map(|(i, v)| palette.target(&v.name).bounds(&self.set.column(i), problem.mean(i)).0)
            .collect();
        let found = answer(problem, &mut ready.cuts, &targets, ready.lambda.as_deref());
        let solved = shown(problem, &self.set, &targets, &found);
        ready.lambda = (found.verdict == Reached::Reachable).then_some(found.solution.lambda);
        solved
    }
}

fn shown(problem: &Problem, set: &SampleSet, targets: &[Option<f64>], found: &Answer) -> Solved {
    let solution = &found.solution;
    let errors = standard_errors(problem, &solution.weights);
    let bounded = found.verdict == Reached::Reachable;
    let values = (0..problem.values())
        .map(|i| SolvedValue {
            base: problem.mean(i),
            standard_deviation: problem.standard_deviation(i),
            target: targets[i],
            realised: solution.realised[i],
            interval: [solution.realised[i] - NORMAL_95 * errors[i], solution.realised[i] + NORMAL_95 * errors[i]],
            lambda: bounded.then_some(solution.lambda[i]),
            max_reachable: found.max_reachable[i],
        })
        .collect();
    let mut notes = Vec::new();
    for (i, value) in set.values.iter().enumerate() {
        if problem.standard_deviation(i) == 0.0 && targets[i].is_some_and(|c| c > problem.mean(i)) {
            notes.push(format!("{} is the same for every answer, so no choice of answers can raise it.", value.name));
        }
    }
    Solved {
        verdict: match found.verdict {
            Reached::Reachable => Verdict::Reachable,
            Reached::Edge => Verdict::Edge,
            Reached::Unreachable => Verdict::Unreachable,
        },
        slack: found.slack,
        values,
        kl: solution.kl,
        drafts: solution.kl.exp(),
        kkt_residual: solution.kkt_residual,
        iterations: solution.iterations,
        effective_samples: effective_samples(problem, &solution.weights),
        weights: solution.weights.clone(),
        certificate: found.certificate.as_ref().map(|c| ShownCertificate { direction: c.direction.clone(), asked: c.asked, best: c.best }),
        scale_back: found.scale_back,
        notes,
        milliseconds: 0.0,
    }
}
