//! A sample set as few long columns, for the way between page and worker: answer by answer, a hundred
//! thousand of them are more than a million JavaScript values.

use palette_study::packed;
use palette_tables::{Answer, SampleSet, Value};
use serde::de::{Deserializer, Error};
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;

pub(crate) fn serialize<T: Borrow<SampleSet>, S: Serializer>(
    set: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Columns::of(set.borrow()).map_err(S::Error::custom)?.serialize(serializer)
}

pub(crate) fn deserialize<'de, T: From<SampleSet>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Columns::deserialize(deserializer)?.into_set().map(T::from).map_err(D::Error::custom)
}

/// n answers and m values.
#[derive(Serialize, Deserialize)]
struct Columns {
    name: String,
    about: String,
    values: Vec<Value>,
    prompts: Texts,
    /// Empty when all prompts weigh the same.
    #[serde(with = "packed")]
    prompt_weights: Vec<f64>,
    /// The prompt of each answer, by its index.
    #[serde(with = "packed")]
    prompt_of: Vec<u32>,
    texts: Texts,
    /// The group of each answer; without any when no answer has one.
    groups: Texts,
    /// Weight of each answer; empty when all are 1.
    #[serde(with = "packed")]
    weights: Vec<f64>,
    /// n·m, answer by answer.
    #[serde(with = "packed")]
    rewards: Vec<f64>,
}

/// Texts one after another in UTF-8, and where each ends.
#[derive(Default, Serialize, Deserialize)]
struct Texts {
    #[serde(with = "packed")]
    bytes: Vec<u8>,
    #[serde(with = "packed")]
    ends: Vec<u32>,
}

impl Texts {
    fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Self, &'static str> {
        let mut all = Texts::default();
        for text in texts {
            all.bytes.extend_from_slice(text.as_bytes());
            all.ends.push(u32::try_from(all.bytes.len()).map_err(|_| "texts of more than 4 GB")?);
        }
        Ok(all)
    }

    fn into_list(self) -> Result<Vec<String>, &'static str> {
        let mut start = 0;
        let text = |end: &u32| {
            let bytes = self.bytes.get(std::mem::replace(&mut start, *end as usize)..*end as usize);
            let text = std::str::from_utf8(bytes.ok_or("a text ends before it begins")?);
            text.map(str::to_owned).map_err(|_| "a text that is not UTF-8")
        };
        self.ends.iter().map(text).collect()
    }
}

impl Columns {
    fn of(set: &SampleSet) -> Result<Self, &'static str> {
        let (n, m) = (set.answers.len(), set.values.len());
        let mut rewards = Vec::with_capacity(n * m);
        let mut prompt_of = Vec::with_capacity(n);
        for answer in &set.answers {
            if answer.rewards.len() != m {
                return Err("an answer without one reward for each value");
            }
            rewards.extend_from_slice(&answer.rewards);
            prompt_of.push(u32::try_from(answer.prompt).map_err(|_| "more than 2³² prompts")?);
        }
        let grouped = set.answers.iter().any(|answer| !answer.group.is_empty());
        let weighted = set.answers.iter().any(|answer| answer.weight != 1.0);
        let answers = || set.answers.iter();
        Ok(Columns {
            name: set.name.clone(),
            about: set.about.clone(),
            values: set.values.clone(),
            prompts: Texts::of(set.prompts.iter().map(String::as_str))?,
            prompt_weights: set.prompt_weights.clone(),
            prompt_of,
            texts: Texts::of(answers().map(|answer| answer.text.as_str()))?,
            groups: Texts::of(answers().filter(|_| grouped).map(|answer| answer.group.as_str()))?,
            weights: answers().filter(|_| weighted).map(|answer| answer.weight).collect(),
            rewards,
        })
    }

    fn into_set(self) -> Result<SampleSet, &'static str> {
        let (n, m) = (self.prompt_of.len(), self.values.len());
        let texts = self.texts.into_list()?;
        let groups = self.groups.into_list()?;
        let fits = |length: usize| length == 0 || length == n;
        if texts.len() != n || self.rewards.len() != n * m || !fits(groups.len()) || !fits(self.weights.len())
        {
            return Err("columns of different lengths");
        }
        let mut groups = groups.into_iter();
        let answers = texts
            .into_iter()
            .enumerate()
            .map(|(j, text)| Answer {
                prompt: self.prompt_of[j] as usize,
                text,
                rewards: self.rewards[j * m..(j + 1) * m].to_vec(),
                group: groups.next().unwrap_or_default(),
                weight: self.weights.get(j).copied().unwrap_or(1.0),
            })
            .collect();
        Ok(SampleSet {
            name: self.name,
            about: self.about,
            values: self.values,
            prompts: self.prompts.into_list()?,
            answers,
            prompt_weights: self.prompt_weights,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Message(#[serde(with = "super")] SampleSet);

    fn set(m: usize) -> SampleSet {
        let value = |i: usize| Value { name: format!("v{i}"), unit: "nats".into(), measured: "so".into() };
        let answer = |j: usize, text: &str| {
            Answer::new(j % 2, text.into(), (0..m).map(|i| 0.1 * (j * m + i) as f64 - 0.3).collect())
        };
        SampleSet {
            name: "Mine".into(),
            about: "made up".into(),
            values: (0..m).map(value).collect(),
            prompts: vec!["Why?".into(), "Wie, „so“?".into()],
            answers: ["", "ja ✓", "nein"].iter().enumerate().map(|(j, text)| answer(j, text)).collect(),
            prompt_weights: Vec::new(),
        }
    }

    fn there_and_back(set: &SampleSet) -> SampleSet {
        let text = serde_json::to_string(&Message(set.clone())).expect("it can be written");
        serde_json::from_str::<Message>(&text).expect("it can be read").0
    }

    #[test]
    fn a_set_arrives_as_it_was() {
        for m in [0, 1, 3] {
            let mut set = set(m);
            assert_eq!(there_and_back(&set), set);
            set.answers[2].group = "medical".into();
            set.answers[1].weight = 0.25;
            set.prompt_weights = vec![1.0, 0.5];
            assert_eq!(there_and_back(&set), set);
        }
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let mut ragged = set(2);
        ragged.answers[0].rewards.pop();
        assert!(serde_json::to_string(&Message(ragged)).is_err());
        let spoiled = |spoil: fn(&mut Columns)| {
            let mut columns = Columns::of(&set(2)).expect("columns");
            spoil(&mut columns);
            columns.into_set().is_err()
        };
        assert!(spoiled(|columns| columns.rewards.truncate(1)));
        assert!(spoiled(|columns| columns.texts.ends[0] = 99));
        assert!(spoiled(|columns| columns.texts.ends[1] = 4));
        assert!(spoiled(|columns| columns.weights.push(1.0)));
    }
}
