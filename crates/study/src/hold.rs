//! Palettes that are to hold on new prompts: what a level varies by there, the margin that this takes, and the
//! palette solved with it.

use crate::interval::student;
use map_align::{Assessment, Bounds, InDrafts, Ranges, VertexPool, assess, levels_by_group};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// On how many new prompts a palette is to hold, and how surely.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    /// The chance, 0.5 to 0.99, with which each target by itself is met by the mean over the new prompts.
    pub confidence: f64,
    /// Number of new prompts, 1 or more.
    pub prompts: usize,
}

impl Hold {
    /// # Errors
    /// A sentence when the numbers make no sense.
    pub fn checked(self) -> Result<Self, String> {
        if !(0.5..=0.99).contains(&self.confidence) {
            return Err("A confidence must be from 50 to 99%.".into());
        }
        if self.prompts == 0 {
            return Err("A palette can hold on 1 new prompt or more, not on none.".into());
        }
        Ok(self)
    }
}

/// What the realised level of one column varies by, in its own unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    /// Standard error of the mean over the prompts that λ was solved on.
    pub(crate) pilot: f64,
    /// Standard deviation of one choice of a draft between new prompts.
    pub(crate) between: f64,
}

impl Spread {
    /// Standard error of a level on `prompts` new prompts against the one that λ was solved for.
    pub(crate) fn error(self, prompts: usize) -> f64 {
        self.pilot.hypot(self.between / (prompts as f64).sqrt())
    }
}

/// Answers dealt into choices among k, with what is needed to judge levels on other prompts.
pub(crate) struct Choices {
    pub(crate) dealt: InDrafts,
    /// Level of each column in each group at the base: groups × columns.
    at_base: Array2<f64>,
    /// Number of prompts.
    pub(crate) prompts: usize,
}

/// A palette solved with its margins.
pub(crate) struct Held {
    pub(crate) found: Assessment,
    /// What was solved: the bounds with their margins.
    pub(crate) bounds: Vec<Bounds>,
    /// Margin of each column, in its own unit; 0 where nothing is asked.
    pub(crate) margins: Vec<f64>,
    pub(crate) spreads: Vec<Spread>,
}

/// Margins that change by less than this, in standard deviations, are the same.
const SAME: f64 = 1e-6;
/// Margins and λ depend on one another; a few rounds settle both.
const MOST_ROUNDS: usize = 30;

impl Choices {
    pub(crate) fn new(dealt: InDrafts) -> Self {
        let mut sources = dealt.source.clone();
        sources.dedup();
        Choices { at_base: levels_by_group(&dealt.problem, None), prompts: sources.len(), dealt }
    }

    /// What levels vary by under `weights`. `relative` says for each column whether its level counts from the
    /// prompt's own base.
    ///
    /// Prompts are the sampling units: the pilot's error is the spread of their means; one choice on a new prompt
    /// has also what varies between the choices on one prompt.
    pub(crate) fn spreads(&self, weights: &[f64], relative: &[bool]) -> Vec<Spread> {
        let levels = levels_by_group(&self.dealt.problem, Some(weights));
        let share = self.dealt.problem.group_weights();
        (0..levels.ncols())
            .map(|i| {
                let from = |g: usize| if relative.get(i) == Some(&true) { self.at_base[[g, i]] } else { 0.0 };
                let x: Vec<f64> = (0..share.len()).map(|g| levels[[g, i]] - from(g)).collect();
                spread(&x, share, &self.dealt.source, self.prompts)
            })
            .collect()
    }

    /// Solves `bounds` (one per column, own units) so that each holds with the confidence of `hold`; without one
    /// as it stands. A lower bound goes up by its margin and an upper one down; a range too narrow for both keeps
    /// its middle, and an exact level stays.
    pub(crate) fn solve(&self, bounds: &[Bounds], relative: &[bool], hold: Option<Hold>) -> Held {
        let problem = &self.dealt.problem;
        let mut pool = VertexPool::default();
        let mut margins = vec![0.0; bounds.len()];
        let mut asked = bounds.to_vec();
        let mut found = assess(problem, &mut pool, &asked, None, Ranges::None);
        let mut spreads = self.spreads(&found.solution.weights, relative);
        let Some(hold) = hold else { return Held { found, bounds: asked, margins, spreads } };
        let factor = student(hold.confidence, self.prompts.saturating_sub(1));
        for _ in 0..MOST_ROUNDS {
            let new: Vec<f64> = spreads
                .iter()
                .zip(bounds)
                .map(|(spread, bounds)| {
                    let exact = bounds.is_off() || bounds.lower == bounds.upper;
                    if exact { 0.0 } else { factor * spread.error(hold.prompts) }
                })
                .collect();
            let moved =
                |i: usize| (new[i] - margins[i]).abs() / problem.standard_deviation(i).max(f64::MIN_POSITIVE);
            let settled = (0..new.len()).all(|i| moved(i) < SAME || problem.standard_deviation(i) == 0.0);
            if settled {
                break;
            }
            margins = new;
            asked = bounds.iter().zip(&margins).map(|(bounds, margin)| tightened(*bounds, *margin)).collect();
            let start = found.solution.converged().then(|| found.solution.lambda.clone());
            found = assess(problem, &mut pool, &asked, start.as_deref(), Ranges::None);
            spreads = self.spreads(&found.solution.weights, relative);
        }
        Held { found, bounds: asked, margins, spreads }
    }
}

/// The spread of `x`, one number for each group, where `share` weighs the groups and `source` names their prompts,
/// of which there are `prompts`.
fn spread(x: &[f64], share: &[f64], source: &[usize], prompts: usize) -> Spread {
    if prompts < 2 {
        return Spread { pilot: f64::INFINITY, between: f64::INFINITY };
    }
    let mean: f64 = x.iter().zip(share).map(|(x, s)| x * s).sum();
    // Of a sample to that of the prompts that it stands for.
    let unbiased = prompts as f64 / (prompts as f64 - 1.0);
    let between = x.iter().zip(share).map(|(x, s)| s * (x - mean).powi(2)).sum::<f64>();
    let mut pilot = 0.0;
    let mut at = 0;
    while at < x.len() {
        let end = (at..x.len()).find(|g| source[*g] != source[at]).unwrap_or(x.len());
        let deviation: f64 = (at..end).map(|g| share[g] * (x[g] - mean)).sum();
        pilot += deviation * deviation;
        at = end;
    }
    Spread { pilot: (unbiased * pilot).sqrt(), between: (unbiased * between).sqrt() }
}

/// `bounds` with so much room: what can be had of it where they are too narrow.
fn tightened(bounds: Bounds, margin: f64) -> Bounds {
    match (bounds.lower, bounds.upper) {
        (Some(low), Some(high)) if low == high => bounds,
        (Some(low), Some(high)) if high - low < 2.0 * margin => Bounds::exactly(0.5 * low + 0.5 * high),
        (low, high) => Bounds { lower: low.map(|c| c + margin), upper: high.map(|c| c - margin) },
    }
}
