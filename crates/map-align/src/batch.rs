//! Many palettes over one table.

use super::assess::{Ranges, Verdict, assess};
use super::bounds::Bounds;
use super::problem::Problem;
use super::simplex::VertexPool;
use super::uncertainty::effective_samples;

/// The short assessment of one palette of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchEntry {
    /// Whether the palette can be had.
    pub verdict: Verdict,
    /// t* in standard deviations, as in [`Assessment::slack`](crate::Assessment::slack).
    pub slack: Option<f64>,
    /// The solution; `None` unless the palette is reachable.
    pub met: Option<Met>,
}

/// The solution of a reachable palette of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Met {
    /// λ in nats per unit, one entry per column.
    pub lambda: Vec<f64>,
    /// Realised levels in own units, one per column.
    pub realised: Vec<f64>,
    /// KL divergence to the base, nats.
    pub kl: f64,
    /// Kish's effective sample size, see [`effective_samples`](crate::effective_samples()).
    pub effective_samples: f64,
}

/// Assesses every palette, each starting from what the one before found: a grid is best given in an order in
/// which neighbours are near. One entry per palette; arguments as for [`assess`].
///
/// ```
/// use map_align::{Bounds, Problem, Verdict, VertexPool, batch};
/// use ndarray::array;
///
/// let rewards = array![[0.0, 1.0], [1.0, 0.0], [0.5, 0.8]];
/// let problem = Problem::new(rewards, &[3])?;
/// let grid: Vec<Vec<Bounds>> =
///     [0.6, 0.8, 1.2].iter().map(|level| vec![Bounds::at_least(*level), Bounds::OFF]).collect();
/// let found = batch(&problem, &mut VertexPool::default(), &grid);
/// assert!(found[0].met.as_ref().unwrap().kl < found[1].met.as_ref().unwrap().kl);
/// assert_eq!(found[2].verdict, Verdict::Unreachable);
/// # Ok::<(), map_align::ProblemError>(())
/// ```
pub fn batch(problem: &Problem, pool: &mut VertexPool, palettes: &[Vec<Bounds>]) -> Vec<BatchEntry> {
    let mut run = BatchRun::default();
    palettes.iter().map(|bounds| run.next(problem, pool, bounds)).collect()
}

/// A batch whose palettes are given one at a time; [`batch`] gives them all.
#[derive(Clone, Debug, Default)]
pub struct BatchRun {
    /// λ of the last palette that was reachable.
    start: Option<Vec<f64>>,
}

impl BatchRun {
    /// Assesses the next palette, starting from what those before it found. Arguments as for [`assess`].
    pub fn next(&mut self, problem: &Problem, pool: &mut VertexPool, bounds: &[Bounds]) -> BatchEntry {
        let found = assess(problem, pool, bounds, self.start.as_deref(), Ranges::None);
        let reachable = found.verdict == Verdict::Reachable;
        let met = reachable.then(|| Met {
            lambda: found.solution.lambda.clone(),
            effective_samples: effective_samples(problem, &found.solution.weights),
            realised: found.solution.realised,
            kl: found.solution.kl,
        });
        if reachable {
            self.start = Some(found.solution.lambda);
        }
        BatchEntry { verdict: found.verdict, slack: found.slack, met }
    }
}
