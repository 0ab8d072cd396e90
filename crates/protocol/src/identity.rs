//! What ties an answer to its question: the sample set with its content, and the question as it was heard.

use palette_tables::SampleSet;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// A sample set of this session and what is in it. Two sets of one key are the same set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetKey {
    /// Given once in a session.
    pub id: usize,
    /// Hash of everything in the set.
    pub content: u64,
}

impl SetKey {
    /// The key of this set.
    pub fn of(id: usize, set: &SampleSet) -> Self {
        let mut hash = Hash::default();
        hash.text(&set.name);
        hash.text(&set.about);
        hash.number(set.values.len() as u64);
        for value in &set.values {
            [&value.name, &value.unit, &value.measured].into_iter().for_each(|text| hash.text(text));
        }
        hash.number(set.prompts.len() as u64);
        set.prompts.iter().for_each(|prompt| hash.text(prompt));
        hash.number(set.answers.len() as u64);
        for answer in &set.answers {
            hash.number(answer.prompt as u64);
            hash.text(&answer.text);
            hash.text(&answer.group);
            hash.number(answer.weight.to_bits());
            hash.number(answer.rewards.len() as u64);
            answer.rewards.iter().for_each(|reward| hash.number(reward.to_bits()));
        }
        set.prompt_weights.iter().for_each(|weight| hash.number(weight.to_bits()));
        SetKey { id, content: hash.end() }
    }
}

/// Hash of a call with all that it asks. Whoever is asked makes it of what arrived, whoever asks of what was
/// meant.
pub fn fingerprint<C: Serialize>(call: &C) -> u64 {
    let mut hash = Hash::default();
    // A call that JSON cannot hold fails at both ends at the same place.
    let _ = serde_json::to_writer(&mut hash, call);
    hash.end()
}

/// Hash of some bytes.
pub(crate) fn hash_of(bytes: &[u8]) -> u64 {
    let mut hash = Hash::default();
    hash.number(bytes.len() as u64);
    hash.bytes(bytes);
    hash.end()
}

/// A hash for telling apart what got mixed up; not one that withstands somebody's will.
#[derive(Default)]
struct Hash {
    state: u64,
}

impl Hash {
    fn number(&mut self, number: u64) {
        // The multiplier of the fx hash; the turn carries the upper bits down.
        self.state = (self.state.rotate_left(5) ^ number).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.number(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.number(u64::from_le_bytes(last) ^ rest.len() as u64);
        }
    }

    /// The finish of splitmix64: every bit depends on every other.
    fn end(&self) -> u64 {
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::Drafts;
    use palette_study::{DraftsQuestion, Hold, Pooling, Question};
    use palette_tables::{Answer, Level, Palette, Target, Value};

    fn set() -> SampleSet {
        let value = |name: &str| Value { name: name.into(), unit: "points".into(), measured: String::new() };
        SampleSet {
            name: "made".into(),
            about: String::new(),
            values: vec![value("wit"), value("care")],
            prompts: vec!["Why?".into(), "How?".into()],
            answers: (0..4).map(|j| Answer::new(j / 2, format!("answer {j}"), vec![j as f64, 0.5])).collect(),
            prompt_weights: vec![1.0, 2.0],
        }
    }

    #[test]
    fn any_change_of_a_set_changes_its_key() {
        let key = SetKey::of(1, &set());
        assert_eq!(key, SetKey::of(1, &set()));
        assert_ne!(key, SetKey::of(2, &set()));
        let changes: [fn(&mut SampleSet); 9] = [
            |set| set.name.push('!'),
            |set| set.values[1].name.push('s'),
            |set| set.values.swap(0, 1),
            |set| set.prompts[0].push(' '),
            |set| set.answers.swap(0, 1),
            |set| set.answers[3].rewards[1] = 0.500_000_000_000_000_1,
            |set| set.answers[2].weight = 0.5,
            |set| set.answers[2].group.push('a'),
            |set| set.prompt_weights[1] = 1.0,
        ];
        let mut keys = vec![key.content];
        for change in changes {
            let mut changed = set();
            change(&mut changed);
            keys.push(SetKey::of(1, &changed).content);
        }
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), changes.len() + 1);
    }

    #[test]
    fn calls_that_ask_for_something_else_have_other_fingerprints() {
        let call = |change: &dyn Fn(&mut Drafts)| {
            let palette = Palette {
                targets: [("wit".to_owned(), Target::AtLeast(Level::At(0.5)))].into(),
                ..Palette::default()
            };
            let question = Question { palette, pooling: Pooling::Pooled };
            let mut call = Drafts {
                on: SetKey::of(1, &set()),
                question,
                drafts: DraftsQuestion { k: 4, hold: None, seed: u64::MAX },
            };
            change(&mut call);
            fingerprint(&call)
        };
        let prints = [
            call(&|_| ()),
            call(&|call| call.drafts.k = 5),
            call(&|call| call.drafts.seed -= 1),
            call(&|call| call.drafts.hold = Some(Hold { confidence: 0.9, prompts: 60 })),
            call(&|call| call.on.content ^= 1),
            call(&|call| call.question.pooling = Pooling::PerPrompt),
            call(&|call| {
                call.question.palette.targets.insert("wit".into(), Target::AtMost(Level::At(0.5)));
            }),
        ];
        assert_eq!(prints[0], call(&|_| ()));
        for (i, print) in prints.iter().enumerate() {
            assert!(!prints[..i].contains(print), "call {i}");
        }
    }
}
