//! What the dual is at one λ.

use ndarray::Array2;

/// The log partition function with its first two derivatives in the columns in use, at one λ.
#[derive(Clone, Debug)]
pub(super) struct Point {
    /// Σ_g π_g log Σ_j q_gj exp(λ·z_gj).
    pub log_partition: f64,
    /// E_w[z] of the columns in use: ∇ of the log partition function.
    pub realised: Vec<f64>,
    /// Σ π_g Cov_w(z) of the first columns in use: its Hessian.
    pub covariance: Array2<f64>,
}
