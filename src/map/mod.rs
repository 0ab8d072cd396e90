//! The numerical core: the least change to the model that meets a palette. Knows only numbers.
//!
//! Samples stand in groups (one per prompt, or one of everything); group g has weight π_g, its answer j base weight q_gj and rewards
//! r_gj ∈ R^m. The palette c asks for E r_i ≥ c_i at the least E_x KL(p(·|x) ‖ p0(·|x)) (MAP, arXiv 2410.19198). See `docs/maths.md`.

pub mod answer;
mod cholesky;
mod dual;
mod problem;
mod reach;
mod solver;
mod uncertainty;

pub use answer::{Answer, Certificate, Verdict, answer};
pub use problem::{Problem, ProblemError};
pub use reach::{Cuts, Reach};
pub use solver::{Solution, solve};
pub use uncertainty::{effective_samples, standard_errors};
