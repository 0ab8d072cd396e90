//! Repairs of a palette on a sample set, each just within reach.

use super::compose::Composer;
use super::prepared::SubgroupColumn;
use crate::{Moved, Question, RepairKind, ShownRepair};
use map_align::{Bounds, Repair, Repaired, repair, solve};

/// A repaired palette lies on the edge, where λ has no bound: what gave way gives so much more, in standard
/// deviations.
const WITHIN: f64 = 0.02;

impl Composer {
    /// The repairs that change something, in the order of `kinds`.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set.
    pub fn repairs(&mut self, question: &Question, kinds: &[RepairKind]) -> Result<Vec<ShownRepair>, String> {
        self.in_context(&question.palette, question.pooling, |set, context| {
            let m = set.values.len();
            let mut shown = Vec::new();
            for how in kinds {
                let method = match how {
                    RepairKind::Ray => Repair::Ray,
                    RepairKind::One(i) => Repair::One(*i),
                    RepairKind::Order(order) => Repair::Order(order.clone()),
                    RepairKind::Nearest => Repair::Nearest,
                    RepairKind::Budget(nats) => Repair::Budget(*nats),
                };
                let Some(found) =
                    repair(context.problem, context.pool, context.bounds, &method).filter(|r| r.changed)
                else {
                    continue;
                };
                let within = if matches!(how, RepairKind::Budget(_)) { 0.0 } else { WITHIN };
                let eased: Vec<Bounds> = (0..found.bounds.len())
                    .map(|i| {
                        let by = within * context.problem.standard_deviation(i);
                        ease(&found.bounds[i], &context.bounds[i], by)
                    })
                    .collect();
                let solution = solve(context.problem, &eased, context.start.as_deref());
                shown.push(ShownRepair {
                    how: how.clone(),
                    moves: moves(
                        &found,
                        &eased,
                        context.bounds,
                        m,
                        context.subgroups.map_or(&[], |e| &e.columns),
                        &|part| {
                            let part = &context.resolved.subgroups[part];
                            (part.value, part.group.clone())
                        },
                    ),
                    distance: found.distance,
                    share: found.share,
                    kl: solution.converged().then_some(solution.kl),
                });
            }
            shown
        })
    }
}

/// The bounds that differ from the `original` eased by `by`.
fn ease(found: &Bounds, original: &Bounds, by: f64) -> Bounds {
    if found.lower == found.upper && found.lower != original.lower {
        // An equality that gave way goes a little further from where it was asked.
        let sign = if found.lower < original.lower { -1.0 } else { 1.0 };
        return found.map(|c| c + sign * by);
    }
    let lower = if found.lower == original.lower { found.lower } else { found.lower.map(|c| c - by) };
    let upper = if found.upper == original.upper { found.upper } else { found.upper.map(|c| c + by) };
    Bounds { lower, upper }
}

fn moves(
    found: &Repaired,
    eased: &[Bounds],
    original: &[Bounds],
    values: usize,
    columns: &[SubgroupColumn],
    part: &dyn Fn(usize) -> (usize, String),
) -> Vec<Moved> {
    (0..eased.len())
        .filter(|&i| found.bounds[i] != original[i])
        .filter_map(|i| {
            let (value, group) = if i < values {
                (i, None)
            } else {
                let (value, group) = part(columns.iter().find(|c| c.column == i)?.part);
                (value, Some(group))
            };
            Some(Moved { value, group, lower: eased[i].lower, upper: eased[i].upper, by: found.moved[i] })
        })
        .collect()
}
