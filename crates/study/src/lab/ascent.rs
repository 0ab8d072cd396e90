//! Projected gradient ascent on the dual.

use super::report::Ended;
use super::task::Task;

/// Passes over the rows after which the iterative solvers give up.
pub(super) const MOST_PASSES: usize = 1000;
/// Residual at which they count as converged, standard deviations.
pub(super) const TOLERANCE: f64 = 1e-9;
/// The share of the slope that a step must gain (Armijo).
pub(super) const GAIN: f64 = 1e-4;

/// Multipliers ≥ 0 (per standard deviation) from 0 up the gradient: a step that does not gain enough is
/// halved, one that does is doubled for the next.
pub(super) fn gradient(task: &Task) -> (Vec<f64>, Ended) {
    let mut mu = vec![0.0; task.half_spaces.len()];
    let mut at = task.at(&mu);
    let mut length = 1.0;
    loop {
        if Task::residual(&mu, &at.gradient) <= TOLERANCE {
            return (mu, Ended::Converged);
        }
        let (next, point) = loop {
            if task.passes() >= MOST_PASSES {
                return (mu, Ended::Steps);
            }
            let next: Vec<f64> =
                mu.iter().zip(&at.gradient).map(|(m, g)| (m + length * g).max(0.0)).collect();
            let slope: f64 = next.iter().zip(&mu).zip(&at.gradient).map(|((n, m), g)| (n - m) * g).sum();
            let point = task.at(&next);
            if slope > 0.0 && point.value >= at.value + GAIN * slope {
                break (next, point);
            }
            length *= 0.5;
            if length < 1e-12 {
                return (mu, Ended::Stalled);
            }
        };
        (mu, at) = (next, point);
        length *= 2.0;
    }
}
