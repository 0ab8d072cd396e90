//! One value after another, both ways.

use super::compose::Composer;
use crate::{Question, Sequences, ShownRound};
use map_align::{Round, Step, sequential, solve};

impl Composer {
    /// `rounds` rounds with total and with fresh multipliers.
    ///
    /// # Errors
    /// A sentence when the palette is not reachable, or makes no sense on this set.
    pub fn sequences(&mut self, question: &Question, rounds: usize) -> Result<Sequences, String> {
        self.in_context(&question.palette, question.pooling, |_, context| {
            let joint = solve(context.problem, context.bounds, context.start.as_deref());
            if !joint.converged() {
                return Err(
                    "The palette has no joint solution to compare with: bring it within reach first."
                        .to_owned(),
                );
            }
            let path = |step| {
                sequential(context.problem, context.bounds, &joint, rounds, step)
                    .into_iter()
                    .map(shown)
                    .collect()
            };
            Ok(Sequences { total: path(Step::Total), fresh: path(Step::Fresh) })
        })?
    }
}

fn shown(round: Round) -> ShownRound {
    ShownRound {
        lambda: round.lambda,
        distance: round.distance,
        gap: round.gap,
        kl: round.kl,
        shortfall: round.shortfall,
    }
}
