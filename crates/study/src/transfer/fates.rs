//! Which targets fall short by more than chance.

use super::report::{Fate, Transferred};
use crate::interval::{below, student};

/// Chance with which nothing at all is said to fall short where everything is kept.
const LEVEL: f64 = 0.05;

/// Tells the targets that fall short from those that luck may explain: one-sided, of all pairs and values together, by
/// Holm's method. `prompts` has the number of prompts of each group.
pub(super) fn judge(pairs: &mut [Transferred], prompts: &[usize]) {
    let mut chances: Vec<(f64, usize, usize)> = Vec::new();
    for (at, pair) in pairs.iter().enumerate() {
        let degrees = prompts[pair.from].min(prompts[pair.to]) - 1;
        for (i, value) in pair.values.iter().enumerate() {
            let (Some(room), Some([low, high])) = (value.room, value.interval) else { continue };
            let error = 0.5 * (high - low) / student(0.975, degrees);
            let chance = if error > 0.0 {
                below(room / error, degrees)
            } else if room < 0.0 {
                0.0
            } else {
                1.0
            };
            chances.push((chance, at, i));
        }
    }
    chances.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all = chances.len();
    for (rank, (chance, at, i)) in chances.into_iter().enumerate() {
        if chance > LEVEL / (all - rank) as f64 {
            break;
        }
        pairs[at].values[i].fate = Fate::Short;
    }
}
