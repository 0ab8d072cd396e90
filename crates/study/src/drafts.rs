//! A palette for choosing one of k drafts.

use super::compose::{Composer, verdict};
use crate::{Drafted, Question};
use map_align::{Ranges, Verdict, VertexPool, assess, in_drafts};

impl Composer {
    /// Solves `question` on groups of `k` answers: its λ is the one whose expected choice among k meets the
    /// palette.
    ///
    /// # Errors
    /// A sentence when no prompt has k answers, or the palette makes no sense on this set.
    pub fn drafts(&mut self, question: &Question, k: usize, seed: u64) -> Result<Drafted, String> {
        self.in_context(&question.palette, question.pooling, |set, context| {
            let Some((problem, left_out)) = in_drafts(context.problem, k, seed) else {
                return Err(format!(
                    "No prompt has {k} answers to choose from. Ask for fewer drafts, or let \
                    all answers compete."
                ));
            };
            let found = assess(&problem, &mut VertexPool::default(), context.bounds, None, Ranges::None);
            let m = set.values.len();
            let bounded = found.verdict == Verdict::Reachable;
            Ok(Drafted {
                k,
                groups: problem.group_count(),
                left_out,
                verdict: verdict(found.verdict),
                slack: found.slack,
                kl: found.solution.kl,
                lambda: found.solution.lambda[..m].iter().map(|l| bounded.then_some(*l)).collect(),
                realised: found.solution.realised[..m].to_vec(),
            })
        })?
    }
}
