//! A sample set as a browser's database keeps it: packed, and with a mark by which it is known again.

use crate::identity::hash_of;
use crate::{SetKey, columns};
use palette_tables::SampleSet;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

#[derive(Serialize)]
struct Out<'a>(#[serde(with = "columns")] &'a SampleSet);

#[derive(Deserialize)]
struct In(#[serde(with = "columns")] SampleSet);

/// The set as few long columns. The error is a clause.
pub fn pack(set: &SampleSet) -> Result<JsValue, String> {
    serde_wasm_bindgen::to_value(&Out(set)).map_err(|error| error.to_string())
}

/// A set that was packed, or written as JSON. Nothing but its form is checked. The error is a clause.
pub fn unpack(stored: JsValue) -> Result<SampleSet, String> {
    match stored.dyn_into::<js_sys::JsString>() {
        Ok(text) => serde_json::from_str(&String::from(text)).map_err(|error| error.to_string()),
        Err(packed) => {
            serde_wasm_bindgen::from_value(packed).map(|In(set)| set).map_err(|error| error.to_string())
        }
    }
}

/// The same for equal sets, and in all likelihood for no others: the content of their key.
pub fn fingerprint(set: &SampleSet) -> String {
    fingerprint_of(SetKey::of(0, set))
}

/// The same where the key is known.
pub fn fingerprint_of(key: SetKey) -> String {
    format!("{:016x}", key.content)
}

/// The same for equal files.
pub fn fingerprint_of_file(bytes: &[u8]) -> String {
    format!("{:016x}", hash_of(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use palette_tables::{Answer, Value};

    #[test]
    fn another_set_has_another_mark() {
        let value = Value { name: "wit".into(), unit: String::new(), measured: String::new() };
        let set = SampleSet {
            name: "Mine".into(),
            about: String::new(),
            values: vec![value],
            prompts: vec!["Why?".into()],
            answers: vec![Answer::new(0, "So.".into(), vec![0.5]), Answer::new(0, "No.".into(), vec![0.25])],
            prompt_weights: Vec::new(),
        };
        let mark = fingerprint(&set);
        assert_eq!(mark, fingerprint(&set.clone()));
        let changes: [fn(&mut SampleSet); 5] = [
            |set| set.answers[1].rewards[0] = -0.25,
            |set| set.answers[0].weight = 2.0,
            |set| set.answers[0].text.push(' '),
            |set| set.answers.swap(0, 1),
            |set| set.values[0].name = "wits".into(),
        ];
        for change in changes {
            let mut other = set.clone();
            change(&mut other);
            assert_ne!(mark, fingerprint(&other));
        }
    }
}
