//! Writing CSV that spreadsheets do not take for formulas and that is read again as it was.
//!
//! A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe before it,
//! unless it is a number; one that has apostrophes before such a sign already gets one more. Reading takes
//! one away.

use crate::SampleSet;
use crate::number::plain;
use std::borrow::Cow;

fn begins_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The cell as it is written.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    let bare = text.trim_start_matches('\'');
    if begins_a_formula(bare) && (bare.len() < text.len() || plain(text).is_none_or(f64::is_infinite)) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The cell as it was, where it was escaped.
pub(crate) fn unescaped(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('\'')?;
    begins_a_formula(rest.trim_start_matches('\'')).then_some(rest)
}

/// A CSV text that grows by rows.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    text: String,
}

impl Writer {
    /// Adds a row of cells.
    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let start = self.text.len();
        for (i, cell) in cells.into_iter().enumerate() {
            if i > 0 {
                self.text.push(',');
            }
            self.cell(cell.as_ref());
        }
        // A line without anything would be no row.
        if self.text.len() == start {
            self.text.push_str("\"\"");
        }
        self.text.push('\n');
    }

    fn cell(&mut self, cell: &str) {
        let cell = escaped(cell);
        let quotes = cell.contains([',', ';', '|', '\t', '"', '\n', '\r'])
            || cell.starts_with(' ')
            || cell.ends_with(' ');
        if quotes {
            self.text.push('"');
            self.text.push_str(&cell.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(&cell);
        }
    }

    /// The text.
    pub fn finish(self) -> String {
        self.text
    }
}

/// Drafts as a table: a row for each with its rewards, the probability with which it is picked among those of its
/// prompt, and whether it was. `probability` has one entry for each answer, `picked` holds indices of answers.
pub fn of_choice(drafts: &SampleSet, probability: &[f64], picked: &[usize]) -> String {
    let mut writer = Writer::default();
    let groups = drafts.answers.iter().any(|answer| !answer.group.is_empty());
    let names = drafts.values.iter().map(|value| value.name.as_str());
    let names = groups.then_some("group").into_iter().chain(names);
    writer.row(["prompt", "answer"].into_iter().chain(names).chain(["probability", "picked"]));
    let mut was_picked = vec!["0"; drafts.answers.len()];
    picked.iter().for_each(|j| was_picked[*j] = "1");
    for (j, answer) in drafts.answers.iter().enumerate() {
        let texts = [drafts.prompts[answer.prompt].clone(), answer.text.clone()];
        let group = groups.then(|| answer.group.clone());
        let numbers = answer.rewards.iter().chain([&probability[j]]).map(f64::to_string);
        writer.row(texts.into_iter().chain(group).chain(numbers).chain([was_picked[j].to_owned()]));
    }
    writer.finish()
}

/// The set as a table that [`crate::import::import`] reads again. Columns that say nothing are left out.
pub fn of_set(set: &SampleSet) -> String {
    let groups = set.answers.iter().any(|answer| !answer.group.is_empty());
    let weights = set.answers.iter().any(|answer| answer.weight != 1.0);
    let prompt_weights = !set.prompt_weights.is_empty();
    let mut writer = Writer::default();
    let optional = [(groups, "group"), (weights, "weight"), (prompt_weights, "prompt_weight")];
    let optional = optional.iter().filter(|(used, _)| *used).map(|(_, name)| *name);
    let values = set.values.iter().map(|value| value.name.as_str());
    writer.row(["prompt", "answer"].into_iter().chain(optional).chain(values));
    for answer in &set.answers {
        let mut cells: Vec<Cow<str>> =
            vec![set.prompts[answer.prompt].as_str().into(), answer.text.as_str().into()];
        if groups {
            cells.push(answer.group.as_str().into());
        }
        if weights {
            cells.push(answer.weight.to_string().into());
        }
        if prompt_weights {
            cells.push(set.prompt_weight(answer.prompt).to_string().into());
        }
        cells.extend(answer.rewards.iter().map(|reward| reward.to_string().into()));
        writer.row(cells);
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_escaped_and_come_back() {
        for text in
            ["=1+1", "+1+1", "-2+3", "@SUM(1)", "\tx", "\r", "'=1", "''+x", "-", "'-3", "-inf", "+1e999"]
        {
            let written = escaped(text);
            assert!(written.starts_with('\''), "{text}");
            assert_eq!(unescaped(&written), Some(text), "{text}");
        }
        for text in ["-3", "+0.5", "-1e-7", "a=b", "'quoted'", "", "' =1"] {
            assert_eq!(escaped(text), text);
            assert_eq!(unescaped(text), None);
        }
    }
}
