//! What one pass over the samples gives, for [`dual`](super::dual) to make and for a problem to keep.

use ndarray::Array2;

/// A with its first two derivatives at one λ.
#[derive(Clone, Debug)]
pub(super) struct Derivatives {
    /// A(λ) = Σ_g π_g log Σ_j q_gj exp(λ·z_gj), nats.
    pub log_partition: f64,
    /// ∇A = Σ_g π_g E_{w_g} z over the columns in use: the realised levels, standardised.
    pub levels: Vec<f64>,
    /// ∇²A = Σ_g π_g Cov_{w_g}(z) over the first of the columns in use.
    pub covariance: Array2<f64>,
}
