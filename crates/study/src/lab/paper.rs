//! The paper's procedure as its authors' code does it (`alignValues.py` of github.com/wang8740/MAP): Adam on
//! τ = log λ from λ = 1, rate 0.1, 150 steps, in 32-bit floats on the rewards in their own units, and −log
//! mean exp(λ·r) + λ·c as the dual, with no shift. What it gives back is the λ before the last step; when λ
//! is no number any more it gives “NaN”.
//!
//! That code has lower bounds and one group alone. An upper bound here is a lower one on −r, and several
//! groups have the mean of their log partition functions.

use super::report::Ended;
use super::task::Task;

/// Steps that the code makes; it gives back the λ that the last of them starts from.
const STEPS: usize = 150;
const RATE: f64 = 0.1;
const BETAS: [f64; 2] = [0.9, 0.999];
const EPSILON: f32 = 1e-8;

/// Multipliers of the half-spaces, nats per unit, that the last step starts from, or `None` where λ
/// overflowed.
pub(super) fn adam(task: &Task) -> (Option<Vec<f64>>, Ended) {
    let (mut last, mut made) = (None, 0);
    adam_path(task, STEPS, &mut |multipliers| {
        last = Some(multipliers.to_vec());
        made += 1;
    });
    if made < STEPS { (None, Ended::Overflow) } else { (last, Ended::Steps) }
}

/// Hands the multipliers (nats per unit) that each of `steps` steps starts from to `each`, until they
/// overflow.
pub(crate) fn adam_path(task: &Task, steps: usize, each: &mut dyn FnMut(&[f64])) {
    let m = task.half_spaces.len();
    let data = Single::new(task);
    let mut tau = vec![0f32; m];
    let (mut first, mut second) = (vec![0f32; m], vec![0f32; m]);
    for step in 1..=steps {
        let lambda: Vec<f32> = tau.iter().map(|t| t.exp()).collect();
        if lambda.iter().any(|l| !l.is_finite()) {
            return;
        }
        each(&lambda.iter().map(|l| f64::from(*l)).collect::<Vec<f64>>());
        task.count_pass();
        let levels = data.levels(&lambda);
        let [one, two] = BETAS.map(|beta| 1.0 - beta.powi(step as i32));
        for i in 0..m {
            let slope = lambda[i] * (levels[i] - data.targets[i]);
            first[i] = BETAS[0] as f32 * first[i] + (1.0 - BETAS[0]) as f32 * slope;
            second[i] = BETAS[1] as f32 * second[i] + (1.0 - BETAS[1]) as f32 * slope * slope;
            let scale = second[i].sqrt() / two.sqrt() as f32 + EPSILON;
            tau[i] -= (RATE / one) as f32 * first[i] / scale;
        }
    }
}

/// The table in 32-bit floats.
struct Single<'a> {
    task: &'a Task<'a>,
    /// sign·reward of every half-space, one per row.
    rewards: Vec<Vec<f32>>,
    targets: Vec<f32>,
    base_weights: Vec<f32>,
}

impl<'a> Single<'a> {
    fn new(task: &'a Task<'a>) -> Self {
        let problem = task.problem;
        let column = |half: &super::task::HalfSpace| {
            let (mean, sd) = (problem.mean(half.column), problem.standard_deviation(half.column));
            problem.standardised(half.column).iter().map(|z| (half.sign * (mean + sd * z)) as f32).collect()
        };
        Single {
            task,
            rewards: task.half_spaces.iter().map(column).collect(),
            targets: task.half_spaces.iter().map(|half| (half.sign * half.level) as f32).collect(),
            base_weights: task.base_weights.iter().map(|q| *q as f32).collect(),
        }
    }

    /// E_w of every half-space's rewards, as differentiating the loss gives it: infinity over infinity is no
    /// number.
    fn levels(&self, lambda: &[f32]) -> Vec<f32> {
        let mut levels = vec![0f32; lambda.len()];
        let mut weights: Vec<f32> = Vec::new();
        for (group, pi) in self.task.problem.group_rows().iter().zip(self.task.problem.group_weights()) {
            weights.clear();
            weights.resize(group.len(), 0.0);
            for (column, l) in self.rewards.iter().zip(lambda) {
                weights.iter_mut().zip(&column[group.clone()]).for_each(|(s, r)| *s += l * r);
            }
            for (w, q) in weights.iter_mut().zip(&self.base_weights[group.clone()]) {
                *w = q * w.exp();
            }
            let share = *pi as f32 / sum(weights.iter().copied());
            for (level, column) in levels.iter_mut().zip(&self.rewards) {
                *level += sum(weights.iter().zip(&column[group.clone()]).map(|(w, r)| share * w * r));
            }
        }
        levels
    }
}

/// A sum in blocks, so that rounding does not grow with the number of rows.
fn sum(terms: impl Iterator<Item = f32>) -> f32 {
    let (mut total, mut block, mut inside) = (0f32, 0f32, 0);
    for term in terms {
        block += term;
        inside += 1;
        if inside == 256 {
            total += block;
            (block, inside) = (0.0, 0);
        }
    }
    total + block
}
