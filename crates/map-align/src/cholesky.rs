//! Solving small symmetric positive systems.

use ndarray::Array2;

/// Solves (A + ridge·I) x = b over the rows and columns `at` of A by Cholesky factorisation; the ridge grows
/// until the factor exists.
pub(super) fn solve_on(a: &Array2<f64>, at: &[usize], b: &[f64]) -> Vec<f64> {
    let k = at.len();
    let largest = at.iter().map(|&i| a[[i, i]]).fold(0.0, f64::max);
    let mut ridge = 1e-13 * largest.max(1e-300);
    loop {
        if let Some(l) = factor(a, at, ridge) {
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
        ridge *= 100.0;
    }
}

fn factor(a: &Array2<f64>, at: &[usize], ridge: f64) -> Option<Array2<f64>> {
    let k = at.len();
    let mut l = Array2::<f64>::zeros((k, k));
    for i in 0..k {
        for j in 0..=i {
            let mut sum = a[[at[i], at[j]]];
            if i == j {
                sum += ridge;
            }
            for p in 0..j {
                sum -= l[[i, p]] * l[[j, p]];
            }
            if i == j {
                // A pivot lost to rounding would make the direction noise: let the ridge grow instead.
                if sum <= 0.1 * ridge {
                    return None;
                }
                l[[i, i]] = sum.sqrt();
            } else {
                l[[i, j]] = sum / l[[j, j]];
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
    fn solves_a_part_of_a_system() {
        let a = array![[4.0, 9.0, 1.0], [9.0, 1.0, 9.0], [1.0, 9.0, 3.0]];
        let x = solve_on(&a, &[0, 2], &[1.0, 99.0, 2.0]);
        assert!((4.0 * x[0] + x[1] - 1.0).abs() < 1e-10 && (x[0] + 3.0 * x[1] - 2.0).abs() < 1e-10);
    }

    #[test]
    fn a_singular_system_gets_a_finite_answer() {
        let a = array![[1.0, 1.0], [1.0, 1.0]];
        let x = solve_on(&a, &[0, 1], &[1.0, 1.0]);
        assert!((x[0] + x[1] - 1.0).abs() < 1e-6 && (x[0] - x[1]).abs() < 1e-2);
    }
}
