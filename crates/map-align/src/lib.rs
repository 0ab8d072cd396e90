//! The numerical core: the least change to the model that meets a palette. Knows only numbers.
//!
//! Samples stand in groups (one per prompt, or one of everything); group g has weight π_g, its answer j base
//! weight q_gj and rewards r_gj ∈ R^m. The palette asks for bounds on E r_i at the least E_x KL(p(·|x) ‖
//! p0(·|x)) (MAP, arXiv 2410.19198). See `docs/maths.md`.

mod ascent;
mod assess;
mod batch;
mod block;
mod bootstrap;
mod bounds;
pub mod collinear;
mod dual;
mod linalg;
mod moments;
mod nearest;
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
mod uncertainty;

pub use assess::{Assessment, AttainableRange, Certificate, EDGE, INSIDE, Stops, Verdict, assess, ranges};
pub use batch::{BatchEntry, Met, batch};
pub use bootstrap::{Bootstrap, Bootstrapping, HeldOut, bootstrap, held_out};
pub use bounds::Bounds;
pub use problem::{BaseWeights, Problem, ProblemError};
pub use repair::{Repair, Repaired, repair};
pub use resample::{Units, in_drafts};
pub use sensitivity::{Sensitivity, sensitivity};
pub use sequential::{Round, Step, sequential};
pub use simplex::VertexPool;
pub use solver::{Solution, Status, TOLERANCE, solve};
pub use uncertainty::{effective_samples, largest_weight, standard_errors};
