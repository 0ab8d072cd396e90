//! What the lab found.

use crate::ByName;
use map_align::Verdict;
use serde::{Deserialize, Serialize};

/// Every solver on one palette, on the whole table and on parts of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lab {
    /// The whole table with all targets.
    pub whole: Setting,
    /// An eighth, a quarter, half and all of the rows (per prompt: of the prompts), evenly thinned, all
    /// targets.
    pub by_rows: Vec<Setting>,
    /// All rows with the first target, the first two, and so on to all.
    pub by_values: Vec<Setting>,
    /// What one sees.
    pub sentences: Vec<String>,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// Every solver on one problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    pub rows: usize,
    /// Groups within which answers compete.
    pub groups: usize,
    /// Columns with a target.
    pub values: usize,
    /// Proved, and taken as right.
    pub verdict: Verdict,
    #[serde(rename = "slack_sd")]
    pub slack: Option<f64>,
    /// Of the exact solution, nats; so are residual and gap. `None` unless reachable.
    pub kl: Option<f64>,
    #[serde(rename = "kkt_residual_sd")]
    pub kkt_residual: Option<f64>,
    pub duality_gap: Option<f64>,
    /// Time that the verdict with its proof and the solution took together.
    pub seconds_with_proof: f64,
    /// One for each of [`LabMethod`].
    pub runs: Vec<LabRun>,
}

/// A solver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabMethod {
    /// The paper's procedure as its authors' code does it.
    Paper,
    /// Projected gradient ascent on the dual.
    Gradient,
    /// Projected L-BFGS on the dual.
    Lbfgs,
    /// The active-set Newton method of this project.
    Newton,
}

/// Why a solver ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// The optimality conditions hold.
    Converged,
    /// Its number of steps was made.
    Steps,
    /// No step improved.
    Stalled,
    /// λ is no finite number any more.
    Overflow,
    /// The dual exceeds what any weighting can have.
    Exceeded,
}

/// One solver on one problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabRun {
    pub method: LabMethod,
    pub ended: Ended,
    /// Of every column, nats per unit; `None` after an overflow.
    pub lambda: Option<ByName>,
    /// max |λ − exact λ|·sd; `None` after an overflow, or where there is no exact λ. So are the two below.
    #[serde(rename = "lambda_error_sd")]
    pub lambda_error: Option<f64>,
    /// max |level − exact level|, standard deviations.
    #[serde(rename = "level_error_sd")]
    pub level_error: Option<f64>,
    /// KL less the exact one, nats.
    pub kl_error: Option<f64>,
    /// Nats; `None` after an overflow.
    pub kl: Option<f64>,
    /// The largest shortfall from a target, standard deviations; `None` after an overflow.
    #[serde(rename = "shortfall_sd")]
    pub shortfall: Option<f64>,
    /// Passes over the rows.
    pub passes: usize,
    pub seconds: f64,
    /// Whether it would call the palette reachable: its levels meet all targets within 0.01 sd at its end.
    pub says_reachable: bool,
    /// Whether that is so; `None` on the edge, where either is.
    pub right: Option<bool>,
}

impl LabMethod {
    /// All of them, in the order of [`Setting::runs`].
    pub const ALL: [LabMethod; 4] =
        [LabMethod::Paper, LabMethod::Gradient, LabMethod::Lbfgs, LabMethod::Newton];

    /// What it does, one sentence.
    pub fn about(self) -> &'static str {
        match self {
            LabMethod::Paper => {
                "The paper's procedure as its authors' code does it: Adam (rate 0.1) on log λ from λ = 1, \
                    150 steps, \
                    in 32-bit floats on the rewards as they stand, exponentials not shifted."
            }
            LabMethod::Gradient => {
                "Gradient ascent on the dual, λ kept to its signs, the step halved until it improves and \
                    doubled \
                    after, 1000 passes at most."
            }
            LabMethod::Lbfgs => {
                "L-BFGS on the dual with eight pairs, λ kept to its signs, 1000 passes at most."
            }
            LabMethod::Newton => "Newton's method over the signs of λ, as everywhere on this page.",
        }
    }
}
