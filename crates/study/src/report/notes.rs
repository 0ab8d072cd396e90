//! What should be said in words of a palette on a table: constant values that miss their targets, and values
//! that move together.

use crate::compose::SolveContext;
use map_align::collinear;

pub(super) fn notes(context: &SolveContext) -> Vec<String> {
    let mut notes = constants(context);
    notes.extend(collinear_sets(context));
    notes
}

/// Name of column `i` in a sentence.
fn name(context: &SolveContext, i: usize) -> String {
    match context.subgroups.and_then(|s| s.subgroup(context.resolved, i)) {
        Some(subgroup) => format!("{} on {}", context.set.values[subgroup.value].name, subgroup.group),
        None => context.column_name(i),
    }
}

/// Constant columns that miss their targets.
fn constants(context: &SolveContext) -> Vec<String> {
    let missed = |(i, bounds): (usize, &map_align::Bounds)| {
        if context.problem.standard_deviation(i) > 0.0 {
            return None;
        }
        let level = context.problem.mean(i);
        let way = if bounds.lower.is_some_and(|c| c > level) {
            "raise"
        } else if bounds.upper.is_some_and(|c| c < level) {
            "lower"
        } else {
            return None;
        };
        let name = name(context, i);
        Some(format!("{name} is the same for every answer, so no choice of answers can {way} it."))
    };
    context.bounds.iter().enumerate().filter_map(missed).collect()
}

/// Columns with targets of which one is a sum of the others.
fn collinear_sets(context: &SolveContext) -> Vec<String> {
    let demanded: Vec<usize> = (0..context.bounds.len()).filter(|&i| !context.bounds[i].is_off()).collect();
    let sentence = |set: Vec<usize>| {
        let names: Vec<String> = set.iter().map(|i| name(context, *i)).collect();
        match names.as_slice() {
            [] => None,
            [one] => Some(format!(
                "{one} is the same for all answers to a question: choosing among them cannot move it."
            )),
            [front @ .., last] => Some(format!(
                "{} and {last} move together: one is a sum of the others up to scale. Only the sum of their \
                    weights means anything; it is shared so that λ is smallest.",
                front.join(", ")
            )),
        }
    };
    collinear::sets(context.problem, &demanded).into_iter().filter_map(sentence).collect()
}
