//! The inverse of a small matrix of any kind.

use ndarray::Array2;

/// A⁻¹ of a square `a` by Gauss and Jordan with row pivoting; `None` when singular to rounding.
pub(crate) fn inverse(mut a: Array2<f64>) -> Option<Array2<f64>> {
    let n = a.nrows();
    let mut inverse = Array2::<f64>::eye(n);
    for k in 0..n {
        let pivot = (k..n).max_by(|&p, &q| a[[p, k]].abs().total_cmp(&a[[q, k]].abs()))?;
        if a[[pivot, k]].abs() < 1e-14 {
            return None;
        }
        if pivot != k {
            for j in 0..n {
                a.swap([pivot, j], [k, j]);
                inverse.swap([pivot, j], [k, j]);
            }
        }
        let scale = 1.0 / a[[k, k]];
        for j in 0..n {
            a[[k, j]] *= scale;
            inverse[[k, j]] *= scale;
        }
        for i in 0..n {
            let factor = a[[i, k]];
            if i == k || factor == 0.0 {
                continue;
            }
            for j in 0..n {
                let (x, y) = (a[[k, j]], inverse[[k, j]]);
                a[[i, j]] -= factor * x;
                inverse[[i, j]] -= factor * y;
            }
        }
    }
    Some(inverse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn undoes_its_matrix() {
        // Without pivoting the first step would divide by 0.
        let a = array![[0.0, 2.0, 1.0], [1.0, 0.5, -3.0], [4.0, 1.0, 0.0]];
        let product = inverse(a.clone()).expect("a regular matrix").dot(&a);
        assert!((&product - &Array2::<f64>::eye(3)).iter().all(|x| x.abs() < 1e-14));
        assert!(inverse(array![[1.0, 2.0], [2.0, 4.0]]).is_none());
    }
}
