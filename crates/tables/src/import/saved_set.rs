//! A sample set that this page saved: checked like any other file.

use super::imported::{ImportOptions, Imported, Preview};
use super::notes;
use super::rules::{check_size, ordered, weightless_prompt};
use crate::SampleSet;
use crate::error::ImportError;

/// Reads a saved set; `None` where the text was not meant as one.
pub(super) fn read(name: &str, text: &str, options: &ImportOptions) -> Option<Result<Imported, ImportError>> {
    if !text.starts_with('{') {
        return None;
    }
    match serde_json::from_str::<SampleSet>(text) {
        Ok(set) => Some(checked(name, set, options)),
        Err(error) => {
            let object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).ok()?;
            let lists = ["values", "prompts", "answers"];
            let is_meant = lists.iter().all(|key| object.get(*key).is_some_and(serde_json::Value::is_array));
            is_meant.then(|| Err(ImportError(mistake(name, &object, error.line()))))
        }
    }
}

/// What is wrong in a set, by the first part that is not as it should be.
fn mistake(name: &str, object: &serde_json::Map<String, serde_json::Value>, line: usize) -> String {
    use serde_json::Value;
    let list = |key: &str| object.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_text = |value: Option<&Value>| value.is_none_or(Value::is_string);
    let mut found = None;
    let mut check = |good: bool, what: String| {
        if !good {
            found.get_or_insert(what);
        }
    };
    check(object.get("name").is_some_and(Value::is_string), "its “name” is no text".into());
    check(is_text(object.get("about")), "its “about” is no text".into());
    for (i, value) in list("values").iter().enumerate() {
        let named = value.get("name").is_some_and(Value::is_string);
        check(
            named && is_text(value.get("unit")) && is_text(value.get("measured")),
            format!("value {} is not an object with a text “name”", i + 1),
        );
    }
    for (i, prompt) in list("prompts").iter().enumerate() {
        check(prompt.is_string(), format!("prompt {} is {prompt}, and not a text", i + 1));
    }
    for (i, answer) in list("answers").iter().enumerate() {
        let part = |key: &str| answer.get(key).unwrap_or(&Value::Null);
        let number = i + 1;
        check(
            part("prompt").is_u64(),
            format!("the prompt of answer {number} is {}, and not a number from 0", part("prompt")),
        );
        check(
            is_text(answer.get("text")),
            format!("the text of answer {number} is {}, and not a text", part("text")),
        );
        check(
            is_text(answer.get("group")),
            format!("the group of answer {number} is {}, and not a text", part("group")),
        );
        let weight = answer.get("weight").is_none_or(Value::is_number);
        check(weight, format!("the weight of answer {number} is {}, and not a number", part("weight")));
        let rewards = part("rewards").as_array().is_some_and(|rewards| rewards.iter().all(Value::is_number));
        check(rewards, format!("the rewards of answer {number} are not a list of numbers"));
    }
    for (i, weight) in list("prompt_weights").iter().enumerate() {
        check(weight.is_number(), format!("the weight of prompt {} is {weight}, and not a number", i + 1));
    }
    let what = found.unwrap_or_else(|| "a part of it is missing or stands there twice".into());
    format!("{name} is a sample set with a mistake in line {line}: {what}. Correct it; nothing was loaded.")
}

/// Takes it once it has passed the checks.
fn checked(name: &str, set: SampleSet, options: &ImportOptions) -> Result<Imported, ImportError> {
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
    let rows = set.answers.len();
    let mut notes = vec![format!("{rows} answers were read.")];
    notes.extend(notes::about(&set));
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
