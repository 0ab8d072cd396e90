//! The reward that training is to have, so that it ends where the palette's weights are.

use crate::compose::Composer;
use crate::{Pooling, Question};
use map_align::{Ranges, Verdict};
use serde::{Deserialize, Serialize};

/// λ as the definition of a reward: R = Σ λ_i r_i, for which KL-regularised training with β = 1 ends at
/// p_λ ∝ p0 exp(Σ λ_i r_i).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RewardDefinition {
    /// Of the palette.
    pub verdict: Verdict,
    /// Where λ has no bound: how far of the way from the base the palette is scaled back, of which all here then is.
    pub scaled_back: Option<f64>,
    /// Nats that it costs on the table.
    pub kl: f64,
    /// As in [`Report::pooling`](super::Report::pooling).
    pub pooling: Pooling,
    /// What has a weight.
    pub terms: Vec<RewardTerm>,
    /// Names of what has none: λ is 0.
    pub without: Vec<String>,
}

/// One reward with its weight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RewardTerm {
    /// The value, or `VALUE@GROUP`: then it counts on prompts of the group alone, beside the value's own.
    pub name: String,
    pub value: String,
    pub group: Option<String>,
    /// Nats per unit of the reward, on the prompts that it counts on.
    pub lambda: f64,
    /// Base mean of the value, in its unit.
    pub mean: f64,
    /// Its base standard deviation.
    #[serde(rename = "sd")]
    pub standard_deviation: f64,
}

impl Composer {
    /// The reward definition of `question`.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set.
    pub fn reward_definition(&mut self, question: &Question) -> Result<RewardDefinition, String> {
        self.in_context(&question.palette, question.pooling, |mut context| {
            // What was said of the palette on show may know no more than that.
            let found = context.assess_anew(Ranges::None);
            let lambda = context.on_prompts(&found.solution.lambda);
            let all: Vec<RewardTerm> = (context.weighted().into_iter().zip(lambda))
                .filter_map(|((column, _), lambda)| {
                    let (value, group) = context.place_of(column)?;
                    Some(RewardTerm {
                        name: context.column_name(column),
                        value: context.set.values[value].name.clone(),
                        group,
                        lambda,
                        mean: context.problem.mean(value),
                        standard_deviation: context.problem.standard_deviation(value),
                    })
                })
                .collect();
            let (terms, without): (Vec<_>, Vec<_>) = all.into_iter().partition(|term| term.lambda != 0.0);
            RewardDefinition {
                verdict: found.verdict,
                scaled_back: found.scale_back,
                kl: found.solution.kl,
                pooling: if context.problem.group_count() > 1 { Pooling::PerPrompt } else { Pooling::Pooled },
                terms,
                without: without.into_iter().map(|term| term.name).collect(),
            }
        })
    }
}
