#![doc = include_str!("../README.md")]
//!
//! # Reading the source
//!
//! `problem` standardises the samples. `dual` has the objective with its derivatives, one pass over the rows
//! in `block`s; `ascent` maximises it by Newton's method over the signs of λ (`qp`), `solver` puts the
//! solution together. `reach` asks how far levels can go, by linear programs (`simplex`) whose columns a pass
//! over the rows finds (`support`); `assess` makes the verdict of both.
#![warn(missing_docs)]

mod ascent;
mod assess;
mod batch;
#[allow(unsafe_code, reason = "vector instructions, once the processor was asked for them")]
mod block;
mod bootstrap;
mod bounds;
pub mod collinear;
mod derivatives;
mod drafts;
mod dual;
mod held_out;
mod linalg;
mod moments;
mod nearest;
mod plane;
mod primal;
mod problem;
mod qp;
mod reach;
mod repair;
mod resample;
mod sensitivity;
mod sequential;
mod shares;
mod simplex;
mod solver;
mod subgroup;
mod support;
mod thinned;
mod tilt;
mod uncertainty;
mod way;

pub use ascent::{MOST_ITERATIONS, Status, TOLERANCE};
pub use assess::{
    Assessment, AttainableRange, Certificate, EDGE, INSIDE, Ranges, Verdict, assess, ranges, ranges_of,
};
pub use batch::{BatchEntry, BatchRun, Met, batch};
pub use bootstrap::{Bootstrap, Bootstrapping, bootstrap};
pub use bounds::Bounds;
pub use drafts::{InDrafts, in_drafts};
pub use held_out::{HeldOut, HeldOutColumn, held_out};
pub use plane::{Plane, PlaneTracing, SupportingLine};
pub use problem::{BaseWeights, Problem, ProblemError};
pub use repair::{Repair, Repaired, repair};
pub use resample::Units;
pub use sensitivity::{Sensitivity, sensitivity};
pub use sequential::{Round, Step, sequential};
pub use simplex::VertexPool;
pub use solver::{Solution, solve};
pub use tilt::{Tilt, scale_to_kl, tilt};
pub use uncertainty::{effective_samples, largest_weight, levels_by_group, standard_errors};
pub use way::{excluded, highest_along, part_of_way, share_of_way};
