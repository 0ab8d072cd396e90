//! Many palettes over one table.

use super::assess::{Stops, Verdict, assess};
use super::bounds::Bounds;
use super::problem::Problem;
use super::simplex::VertexPool;
use super::uncertainty::effective_samples;

/// One palette of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchEntry {
    pub verdict: Verdict,
    /// t* in standard deviations.
    pub slack: Option<f64>,
    /// What follows is that of the palette; `None` unless it is reachable.
    pub met: Option<Met>,
}

/// The solution of a reachable palette of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Met {
    /// λ in nats per unit.
    pub lambda: Vec<f64>,
    /// Realised levels in own units.
    pub realised: Vec<f64>,
    /// KL divergence to the base, nats.
    pub kl: f64,
    pub effective_samples: f64,
}

/// Answers every palette, each starting from what the one before found: a grid is best given in an order in
/// which neighbours are near.
pub fn batch(problem: &Problem, pool: &mut VertexPool, palettes: &[Vec<Bounds>]) -> Vec<BatchEntry> {
    let mut start: Option<Vec<f64>> = None;
    palettes
        .iter()
        .map(|bounds| {
            let found = assess(problem, pool, bounds, start.as_deref(), Stops::None);
            let reachable = found.verdict == Verdict::Reachable;
            let met = reachable.then(|| Met {
                lambda: found.solution.lambda.clone(),
                effective_samples: effective_samples(problem, &found.solution.weights),
                realised: found.solution.realised,
                kl: found.solution.kl,
            });
            if reachable {
                start = Some(found.solution.lambda);
            }
            BatchEntry { verdict: found.verdict, slack: found.slack, met }
        })
        .collect()
}
