//! Cholesky's factorisation A = LL' of symmetric positive matrices, and the systems that it solves.

use ndarray::Array2;

/// Solves (A + ridge·I) x = b over the rows and columns `at` of the symmetric A. The ridge starts at rounding
/// and grows until the factor exists, so that a singular A has an x too. Not a number throughout where A or b
/// is.
pub(crate) fn solve_on(a: &Array2<f64>, at: &[usize], b: &[f64]) -> Vec<f64> {
    let k = at.len();
    let largest = at.iter().map(|&i| a[[i, i]]).fold(0.0, f64::max);
    let mut ridge = 1e-13 * largest.max(1e-300);
    while ridge.is_finite() {
        let entry = |i: usize, j: usize| {
            let value = a[[at[i], at[j]]];
            if i == j { value + ridge } else { value }
        };
        // A pivot lost to rounding would make the direction noise: let the ridge grow instead.
        let Some(l) = factor(k, entry, 0.1 * ridge) else {
            ridge *= 100.0;
            continue;
        };
        let mut x: Vec<f64> = at.iter().map(|&i| b[i]).collect();
        for i in 0..k {
            for j in 0..i {
                x[i] -= l[[i, j]] * x[j];
            }
            x[i] /= l[[i, i]];
        }
        for i in (0..k).rev() {
            for j in i + 1..k {
                x[i] -= l[[j, i]] * x[j];
            }
            x[i] /= l[[i, i]];
        }
        return x;
    }
    vec![f64::NAN; k]
}

/// Whether a covariance is clear of singular: every column has a share above `clear` of its variance that
/// those before it do not explain. A column without variance has none.
pub(crate) fn is_well_conditioned(covariance: &Array2<f64>, clear: f64) -> bool {
    let correlation =
        |i: usize, j: usize| covariance[[i, j]] / (covariance[[i, i]] * covariance[[j, j]]).sqrt();
    factor(covariance.nrows(), correlation, clear).is_some()
}

/// The lower triangular L with LL' = A, `entry(i, j)` of the k × k matrix A for j ≤ i; `None` where a pivot
/// is not above `smallest`.
fn factor(k: usize, entry: impl Fn(usize, usize) -> f64, smallest: f64) -> Option<Array2<f64>> {
    let mut l = Array2::<f64>::zeros((k, k));
    for i in 0..k {
        for j in 0..=i {
            let mut rest = entry(i, j);
            for p in 0..j {
                rest -= l[[i, p]] * l[[j, p]];
            }
            if i != j {
                l[[i, j]] = rest / l[[j, j]];
            } else if rest > smallest {
                l[[i, i]] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    Some(l)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn solves_over_some_rows_of_a_system() {
        let a = array![[4.0, 9.0, 1.0], [9.0, 1.0, 9.0], [1.0, 9.0, 3.0]];
        let x = solve_on(&a, &[0, 2], &[1.0, 99.0, 2.0]);
        assert!((4.0 * x[0] + x[1] - 1.0).abs() < 1e-10 && (x[0] + 3.0 * x[1] - 2.0).abs() < 1e-10);
    }

    #[test]
    fn a_singular_system_gets_a_finite_solution() {
        let a = array![[1.0, 1.0], [1.0, 1.0]];
        let x = solve_on(&a, &[0, 1], &[1.0, 1.0]);
        assert!((x[0] + x[1] - 1.0).abs() < 1e-6 && (x[0] - x[1]).abs() < 1e-2);
    }

    #[test]
    fn what_is_not_a_number_comes_to_an_end() {
        let x = solve_on(&array![[f64::NAN, 0.0], [0.0, 1.0]], &[0, 1], &[1.0, 1.0]);
        assert!(x.iter().all(|x| x.is_nan()));
    }

    #[test]
    fn collinear_columns_are_not_well_conditioned() {
        assert!(is_well_conditioned(&array![[4.0, 1.0], [1.0, 3.0]], 1e-9));
        assert!(!is_well_conditioned(&array![[4.0, 2.0], [2.0, 1.0]], 1e-9));
        assert!(!is_well_conditioned(&array![[4.0, 0.0], [0.0, 0.0]], 1e-9));
    }
}
