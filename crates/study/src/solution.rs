//! What the page is told about a palette.

use serde::{Deserialize, Serialize};

/// How prompts are treated when a palette is solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pooling {
    /// One group of all answers.
    Pooled,
    /// Answers compete only with answers to the same prompt.
    PerPrompt,
}

/// Whether the palette can be had from these samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    Reachable,
    /// Reached only in the limit: λ grows without bound. The solution shown is one just inside.
    Edge,
    /// No weighting of the samples meets it. The solution shown is the palette scaled back to `scale_back`.
    Unreachable,
}

/// The answer to one palette.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Solved {
    pub verdict: Verdict,
    /// t*: the most by which all targets could be raised at once, in standard deviations; negative when
    /// unreachable. `None` without any target.
    pub slack: Option<f64>,
    /// One for each value of the sample set, in its order.
    pub values: Vec<SolvedValue>,
    /// One for each bound of a target on a group of prompts.
    pub groups: Vec<SolvedGroup>,
    /// KL divergence to the base model in nats (of the solution shown).
    pub kl: f64,
    /// Drafts that picking one answer needs: e^KL.
    pub drafts: f64,
    /// Largest violation of the optimality conditions, in standard deviations.
    pub kkt_residual: f64,
    /// KL less the dual's value, nats: 0 at the optimum.
    pub duality_gap: f64,
    pub iterations: usize,
    /// Effective sample size 1/Σw², of all samples.
    pub effective_samples: f64,
    /// The largest weight of a single answer, of 1.
    pub largest_weight: f64,
    /// Probability of every answer after alignment given its prompt (per prompt) or overall (pooled), in the
    /// set's order.
    #[serde(with = "crate::packed")]
    pub weights: Vec<f64>,
    /// The proof, when unreachable.
    pub certificate: Option<ShownCertificate>,
    /// On the edge or out of reach: the share of the way from base to palette (0..1) that the solution shown
    /// goes, a little less than the largest that can be had.
    pub scale_back: Option<f64>,
    /// Plain warnings, e.g. a constant column.
    pub notes: Vec<String>,
    /// Time the solve took, milliseconds.
    pub milliseconds: f64,
}

/// One value's part in [`Solved`]; levels in the value's own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SolvedValue {
    pub base: f64,
    pub standard_deviation: f64,
    /// The lower bound, or the upper one where there is no lower; `None` when off.
    pub target: Option<f64>,
    pub realised: f64,
    /// 95% interval of the realised level: normal approximation with prompts (pooled: answers) as the
    /// sampling units.
    pub interval: [f64; 2],
    /// Reward weight in nats per unit; `None` when it has no bound (edge, unreachable).
    pub lambda: Option<f64>,
    /// Largest level that can be had with the other targets held; `None` when the others alone are out of
    /// reach.
    pub max_reachable: Option<f64>,
    /// Smallest level that can be had with the other targets held; only where the target has an upper bound.
    pub min_reachable: Option<f64>,
    /// dλ_k/dc of every value k by this value's target; empty unless reachable.
    pub lambda_by_target: Vec<f64>,
    /// dE\[r_k\]/dc of every value k by this value's target; empty unless reachable.
    pub level_by_target: Vec<f64>,
}

/// One bound of a target on a group of prompts; levels of the value over the group's answers, in its own
/// unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SolvedGroup {
    /// Index of the value.
    pub value: usize,
    pub group: String,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub base: f64,
    pub realised: f64,
    pub lambda: Option<f64>,
}

/// A Farkas direction with what it shows: the palette asks for `asked` along it, and even the best answer
/// everywhere gives only `best`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShownCertificate {
    /// Share of each value in the direction, in standard deviations; sums to 1.
    pub direction: Vec<f64>,
    /// The same for each of [`Solved::groups`].
    pub groups: Vec<f64>,
    /// d·(c − base), in standard deviations.
    pub asked: f64,
    /// Σ π_g max_j d·(r_gj − base), in standard deviations; less than `asked`.
    pub best: f64,
}
