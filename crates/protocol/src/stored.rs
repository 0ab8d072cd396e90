//! A sample set as a browser's database keeps it: packed, and with a mark by which it is known again.

use crate::columns;
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

/// The same for equal sets, and in all likelihood for no others: FNV-1a over all that a set holds.
pub fn fingerprint(set: &SampleSet) -> String {
    let mut hash = Hash(0xcbf2_9ce4_8422_2325);
    hash.text(&set.name);
    hash.text(&set.about);
    for value in &set.values {
        for text in [&value.name, &value.unit, &value.measured] {
            hash.text(text);
        }
    }
    set.prompts.iter().for_each(|prompt| hash.text(prompt));
    set.prompt_weights.iter().for_each(|weight| hash.number(weight.to_bits()));
    for answer in &set.answers {
        hash.number(answer.prompt as u64);
        hash.text(&answer.text);
        hash.text(&answer.group);
        hash.number(answer.weight.to_bits());
        answer.rewards.iter().for_each(|reward| hash.number(reward.to_bits()));
    }
    format!("{:016x}", hash.0)
}

struct Hash(u64);

impl Hash {
    fn number(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x0100_0000_01b3);
        // A product carries nothing from the upper bits to the lower ones.
        self.0 ^= self.0 >> 32;
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        let chunks = text.as_bytes().chunks(8);
        for chunk in chunks {
            self.number(chunk.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)));
        }
    }
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
