//! Dense algebra for matrices with a row for each value of a palette: a few, so that the textbook methods
//! serve.

mod cholesky;
mod eigen;
mod inverse;

pub(super) use cholesky::{is_well_conditioned, solve_on};
pub(super) use eigen::{eigen, pseudo_inverse};
pub(super) use inverse::inverse;
