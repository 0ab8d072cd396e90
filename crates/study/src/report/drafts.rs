//! A palette for choosing one of k drafts.

use super::closest;
use crate::Question;
use crate::compose::Composer;
use map_align::{Ranges, Verdict, VertexPool, assess, in_drafts};
use serde::{Deserialize, Serialize};

/// The palette when one of k drafts is chosen: solved on groups of k.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drafted {
    pub k: usize,
    /// Groups of k answers made.
    pub groups: usize,
    /// Answers left over.
    pub left_out: usize,
    pub verdict: Verdict,
    /// As in [`Report`](super::Report).
    #[serde(rename = "slack_sd")]
    pub slack: Option<f64>,
    /// Nats, as in [`Report`](super::Report).
    pub kl: Option<f64>,
    /// ln k: the most that choosing among k can spend, nats.
    pub largest_kl: f64,
    /// One for each value.
    pub values: Vec<DraftedValue>,
}

/// One value's part in [`Drafted`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftedValue {
    pub name: String,
    /// Nats per unit; `None` unless reachable.
    pub lambda: Option<f64>,
    /// The level realised on average, in the value's own unit.
    pub realised: Option<f64>,
}

/// Why a palette was not solved for k drafts.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DraftsError {
    /// The palette makes no sense on the set: a sentence.
    #[error("{0}")]
    Palette(String),
    #[error("No prompt has {k} answers to choose from. Ask for fewer drafts, or let all answers compete.")]
    TooMany { k: usize },
}

impl Composer {
    /// Solves `question` on groups of `k` answers, dealt by `seed`: its λ is the one whose expected choice
    /// among k meets the palette.
    ///
    /// # Errors
    /// When no prompt has k answers, or the palette makes no sense on this set.
    pub fn drafts(&mut self, question: &Question, k: usize, seed: u64) -> Result<Drafted, DraftsError> {
        let drafted = self.in_context(&question.palette, question.pooling, |context| {
            let (problem, left_out) = in_drafts(context.problem, k, seed)?;
            let found = assess(&problem, &mut VertexPool::default(), context.bounds, None, Ranges::None);
            let at = closest(&found);
            let bounded = (found.verdict == Verdict::Reachable).then_some(&found.solution);
            let row = |(i, value): (usize, &palette_tables::Value)| DraftedValue {
                name: value.name.clone(),
                lambda: bounded.map(|s| s.lambda[i]),
                realised: at.map(|s| s.realised[i]),
            };
            Some(Drafted {
                k,
                groups: problem.group_count(),
                left_out,
                verdict: found.verdict,
                slack: found.slack,
                kl: at.map(|s| s.kl),
                largest_kl: (k as f64).ln(),
                values: context.set.values.iter().enumerate().map(row).collect(),
            })
        });
        drafted.map_err(DraftsError::Palette)?.ok_or(DraftsError::TooMany { k })
    }
}
