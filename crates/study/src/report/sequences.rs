//! Aligning to one value after another, beside all at once.

use super::ByName;
use crate::Question;
use crate::compose::Composer;
use map_align::{Round, Step, Verdict, sequential};
use serde::{Deserialize, Serialize};

/// Aligning to one value after another: the paths of total and of fresh multipliers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sequences {
    pub verdict: Verdict,
    /// Aligning to all values at once; `None` unless the palette is reachable: there are no paths then.
    pub joint: Option<Joint>,
    pub total: Vec<SequenceRound>,
    pub fresh: Vec<SequenceRound>,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// The joint solution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joint {
    /// λ of every column, nats per unit.
    pub lambda: ByName,
    /// Nats.
    pub kl: f64,
}

/// Where one round over all values ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SequenceRound {
    /// From 1.
    pub round: usize,
    /// λ of every column, nats per unit.
    pub lambda: ByName,
    /// Distance to the joint λ, per standard deviation.
    #[serde(rename = "distance_sd")]
    pub distance: f64,
    /// What the dual lacks, nats.
    pub gap: f64,
    /// Nats.
    pub kl: f64,
    /// The largest shortfall from a target, standard deviations.
    #[serde(rename = "shortfall_sd")]
    pub shortfall: f64,
}

impl Composer {
    /// `rounds` rounds with total and with fresh multipliers.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set.
    pub fn sequences(&mut self, question: &Question, rounds: usize) -> Result<Sequences, String> {
        self.in_context(&question.palette, question.pooling, |mut context| {
            let found = context.assessment();
            let verdict = found.verdict;
            if verdict != Verdict::Reachable {
                return Sequences {
                    verdict,
                    joint: None,
                    total: Vec::new(),
                    fresh: Vec::new(),
                    notes: Vec::new(),
                };
            }
            let joint = &found.solution;
            let names = context.column_names();
            let by_name = |lambda: Vec<f64>| -> ByName { names.iter().cloned().zip(lambda).collect() };
            let path = |step| -> Vec<SequenceRound> {
                (1..)
                    .zip(sequential(context.problem, context.bounds, joint, rounds, step))
                    .map(|(round, Round { lambda, distance, gap, kl, shortfall })| SequenceRound {
                        round,
                        lambda: by_name(lambda),
                        distance,
                        gap,
                        kl,
                        shortfall,
                    })
                    .collect()
            };
            Sequences {
                verdict,
                total: path(Step::Total),
                fresh: path(Step::Fresh),
                joint: Some(Joint { lambda: by_name(joint.lambda.clone()), kl: joint.kl }),
                notes: Vec::new(),
            }
        })
    }
}
