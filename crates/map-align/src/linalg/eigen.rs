//! Eigenvalues and eigenvectors of small symmetric matrices.

use ndarray::Array2;

/// Eigenvalues with unit eigenvectors (as rows) of a symmetric matrix, by Jacobi's rotations: slow for large
/// matrices, exact to rounding for small ones.
pub(crate) fn eigen(a: &Array2<f64>) -> (Vec<f64>, Array2<f64>) {
    let n = a.nrows();
    let mut a = a.clone();
    let mut vectors = Array2::<f64>::eye(n);
    for _ in 0..60 {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|at| a[at].powi(2)).sum();
        let size: f64 = a.diag().iter().map(|d| d * d).sum();
        // Off-diagonal entries within rounding of the diagonal.
        if off <= 1e-32 * size {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                if a[[p, q]].abs() <= 1e-18 * (a[[p, p]] * a[[q, q]]).abs().sqrt() {
                    continue;
                }
                let theta = (a[[q, q]] - a[[p, p]]) / (2.0 * a[[p, q]]);
                let t =
                    if theta.is_finite() { theta.signum() / (theta.abs() + theta.hypot(1.0)) } else { 0.0 };
                let t = if theta == 0.0 { 1.0 } else { t };
                let c = 1.0 / t.hypot(1.0);
                let s = t * c;
                for k in 0..n {
                    let (x, y) = (a[[k, p]], a[[k, q]]);
                    a[[k, p]] = c * x - s * y;
                    a[[k, q]] = s * x + c * y;
                }
                for k in 0..n {
                    let (x, y) = (a[[p, k]], a[[q, k]]);
                    a[[p, k]] = c * x - s * y;
                    a[[q, k]] = s * x + c * y;
                }
                for k in 0..n {
                    let (x, y) = (vectors[[p, k]], vectors[[q, k]]);
                    vectors[[p, k]] = c * x - s * y;
                    vectors[[q, k]] = s * x + c * y;
                }
            }
        }
    }
    (a.diag().to_vec(), vectors)
}

/// The inverse of a symmetric matrix on the span of its eigenvectors with eigenvalues above `smallest`, 0 on
/// the rest.
pub(crate) fn pseudo_inverse(a: &Array2<f64>, smallest: f64) -> Array2<f64> {
    let (values, vectors) = eigen(a);
    Array2::from_shape_fn(a.dim(), |(i, j)| {
        values
            .iter()
            .zip(vectors.rows())
            .filter(|(value, _)| **value > smallest)
            .map(|(value, v)| v[i] * v[j] / value)
            .sum()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn decomposes() {
        let b = Array2::from_shape_fn((6, 6), |(i, j)| ((i * 5 + j * 3) as f64).sin());
        let a = b.dot(&b.t());
        let (values, vectors) = eigen(&a);
        for (k, value) in values.iter().enumerate() {
            let v = vectors.row(k);
            let av = a.dot(&v);
            for i in 0..6 {
                assert!((av[i] - value * v[i]).abs() < 1e-12);
            }
            assert!((v.dot(&v) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn the_inverse_leaves_out_what_does_not_vary() {
        let inverse = pseudo_inverse(&array![[2.0, 2.0], [2.0, 2.0]], 1e-12);
        assert!(inverse.iter().all(|x| (x - 0.125).abs() < 1e-15));
    }
}
