//! What should be said in words of a palette on a table.

use super::prepared::{ResolvedPalette, SubgroupProblem};
use map_align::{Bounds, Problem, collinear};
use palette_tables::SampleSet;

/// Constant values that miss their targets, and values that move together.
pub fn notes(
    set: &SampleSet,
    problem: &Problem,
    bounds: &[Bounds],
    subgroups: Option<&SubgroupProblem>,
    resolved: &ResolvedPalette,
) -> Vec<String> {
    let name = |i: usize| -> String {
        let of_part = subgroups.and_then(|e| e.name(set, resolved, i));
        of_part.map_or_else(|| set.values[i].name.clone(), |name| name.replacen('@', " on ", 1))
    };
    let mut notes = Vec::new();
    for (i, bounds) in bounds.iter().enumerate() {
        let level = problem.mean(i);
        if problem.standard_deviation(i) == 0.0 {
            if bounds.lower.is_some_and(|c| c > level) {
                notes.push(format!(
                    "{} is the same for every answer, so no choice of answers can raise it.",
                    name(i)
                ));
            } else if bounds.upper.is_some_and(|c| c < level) {
                notes.push(format!(
                    "{} is the same for every answer, so no choice of answers can lower it.",
                    name(i)
                ));
            }
        }
    }
    let demanded: Vec<usize> = (0..bounds.len()).filter(|&i| !bounds[i].is_off()).collect();
    for set in collinear::sets(problem, &demanded) {
        let names: Vec<String> = set.iter().map(|i| name(*i)).collect();
        notes.push(match names.as_slice() {
            [one] => format!(
                "{one} is the same for all answers to a question: choosing among them cannot \
                move it."
            ),
            [front @ .., last] => format!(
                "{} and {last} move together: one is a sum of the others up to scale. Only the sum of their \
                    weights means anything; it is shared so that λ is smallest.",
                front.join(", ")
            ),
            [] => continue,
        });
    }
    notes
}
