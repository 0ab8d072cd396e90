//! A sample set that this page saved: checked like any other file.

use super::imported::{ImportError, ImportOptions, Imported, Preview};
use super::notes;
use super::rules::{check_size, ordered, weightless_prompt};
use crate::SampleSet;

/// Whether a text that cannot be read as a sample set was meant as one.
pub(super) fn is_meant_by(text: &str) -> bool {
    let object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text);
    object.is_ok_and(|object| {
        ["values", "prompts", "answers"]
            .iter()
            .all(|key| object.get(*key).is_some_and(serde_json::Value::is_array))
    })
}

/// Takes it once it has passed the checks.
pub(super) fn checked(name: &str, set: SampleSet, options: &ImportOptions) -> Result<Imported, ImportError> {
    if let Some(column) = &options.group {
        return Err(ImportError(format!(
            "{name} is a sample set, which has no column called {column} to take the groups from: its \
                answers say their group themselves."
        )));
    }
    for (at, answer) in set.answers.iter().enumerate() {
        if answer.prompt >= set.prompts.len() {
            return Err(ImportError(format!(
                "{name}, answer {}: it belongs to prompt {}, which is not in the file.",
                at + 1,
                answer.prompt + 1
            )));
        }
        if answer.rewards.len() != set.values.len() {
            return Err(ImportError(format!(
                "{name}, answer {}: it has {} rewards for {} values. Every answer needs one for each.",
                at + 1,
                answer.rewards.len(),
                set.values.len()
            )));
        }
        if !(answer.weight >= 0.0 && answer.weight.is_finite()) {
            return Err(ImportError(format!(
                "{name}, answer {}: its weight is {}. A weight must be a number from 0.",
                at + 1,
                answer.weight
            )));
        }
    }
    check_size(name, set.answers.len(), set.values.len())?;
    check_prompt_weights(name, &set)?;
    if let Some(g) = weightless_prompt(&set) {
        return Err(ImportError(format!(
            "{name}: every answer to prompt {} has the weight 0, so none could be given. Give one of them a \
                positive weight, or the prompt the weight 0.",
            g + 1
        )));
    }
    let set = ordered(set);
    let notes = notes::about(&set);
    let preview = Preview { rows: set.answers.len(), columns: Vec::new() };
    Ok(Imported { set, notes, preview })
}

fn check_prompt_weights(name: &str, set: &SampleSet) -> Result<(), ImportError> {
    let weights = &set.prompt_weights;
    if weights.is_empty() {
        return Ok(());
    }
    let (prompts, n) = (set.prompts.len(), weights.len());
    if n != prompts {
        return Err(ImportError(format!(
            "{name}: it has {n} prompt weights for {prompts} prompts. Every prompt needs one, or none has \
                any."
        )));
    }
    if let Some(g) = weights.iter().position(|w| !(*w >= 0.0 && w.is_finite())) {
        return Err(ImportError(format!(
            "{name}, prompt {}: its weight is {}. A weight must be a number from 0.",
            g + 1,
            weights[g]
        )));
    }
    if !set.answers.iter().any(|a| weights[a.prompt] > 0.0) {
        return Err(ImportError(format!(
            "{name}: every prompt has the weight 0. Give at least one with answers a positive weight."
        )));
    }
    Ok(())
}
