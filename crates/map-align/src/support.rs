//! The support function of what can be had: φ(d) = Σ_g π_g max_j d·z_gj, in one pass.

use super::block::{Copies, ROWS, in_place, largest, scores};
use super::problem::Problem;

/// φ(d), and the mean of the rows that attain it (every column). `d` has one entry per column.
pub(super) fn support(problem: &Problem, d: &[f64]) -> (f64, Vec<f64>) {
    let columns: Vec<usize> = (0..problem.values()).filter(|&i| d[i] != 0.0).collect();
    let lambda: Vec<f64> = columns.iter().map(|&i| d[i]).collect();
    let source: Vec<&[f64]> = columns.iter().map(|&i| problem.column(i)).collect();
    let (mut copies, mut score) = (Copies::new(columns.len()), [0.0; ROWS]);
    let (mut value, mut row) = (0.0, vec![0.0; problem.values()]);
    let mut take = |best: (f64, usize), pi: f64| {
        value += pi * best.0;
        for (i, x) in row.iter_mut().enumerate() {
            *x += pi * problem.z[[i, best.1]];
        }
    };
    // Blocks run over the rows whatever their groups: groups may be small.
    let (mut group, mut best) = (0, (f64::NEG_INFINITY, 0));
    for start in (0..problem.rows()).step_by(ROWS) {
        let count = ROWS.min(problem.rows() - start);
        let z = in_place(&source, start, count, &mut copies);
        scores(&mut score, &z, &lambda, count, None);
        let mut from = 0;
        while from < count {
            let to = count.min(problem.groups[group].end - start);
            let scores = &score[from..to];
            let top = if scores.len() == ROWS {
                largest(scores)
            } else {
                scores.iter().copied().fold(f64::NEG_INFINITY, f64::max)
            };
            if top > best.0 {
                best = (top, start + from + scores.iter().position(|s| *s == top).unwrap_or_default());
            }
            if start + to == problem.groups[group].end {
                take(best, problem.group_weight[group]);
                group += 1;
                best = (f64::NEG_INFINITY, 0);
            }
            from = to;
        }
    }
    (value, row)
}
