//! The rules of every table, whatever it was read from.

use crate::SampleSet;
use crate::error::ImportError;
use crate::rows::MOST_VALUES;

/// Whether there is enough to compose on, and not too much.
pub(super) fn check_size(name: &str, rows: usize, values: usize) -> Result<(), ImportError> {
    if rows == 0 {
        return Err(ImportError(format!(
            "{name} has no rows: without an answer there is nothing to compose on. Add rows."
        )));
    }
    if values > MOST_VALUES {
        return Err(ImportError(format!(
            "{name} has {values} columns of numbers; a palette can hold at most {MOST_VALUES} values. Keep \
                the columns that you want to compose with and open it again."
        )));
    }
    Ok(())
}

/// The first prompt that counts although no answer to it does.
pub(super) fn weightless_prompt(set: &SampleSet) -> Option<usize> {
    let mut largest = vec![None::<f64>; set.prompts.len()];
    for answer in &set.answers {
        let so_far = &mut largest[answer.prompt];
        *so_far = Some(so_far.map_or(answer.weight, |w| w.max(answer.weight)));
    }
    (0..largest.len()).find(|&g| largest[g] == Some(0.0) && set.prompt_weight(g) > 0.0)
}

/// Answers of one prompt together, in the order of the prompts.
pub(super) fn ordered(mut set: SampleSet) -> SampleSet {
    if !set.answers.is_sorted_by_key(|a| a.prompt) {
        set.answers.sort_by_key(|a| a.prompt);
    }
    set
}
