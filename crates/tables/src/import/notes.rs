//! Warnings about a table that is sound but awkward.

use super::super::SampleSet;
use super::super::quantile::{mean, standard_deviation};

pub(super) fn about(set: &SampleSet) -> Vec<String> {
    if set.answers.len() == 1 {
        return vec![format!(
            "{} has one answer, so there is nothing to choose between: no palette can move anything.",
            set.name
        )];
    }
    let mut notes = Vec::new();
    let columns: Vec<Vec<f64>> = (0..set.values.len()).map(|i| set.column(i)).collect();
    for (value, column) in set.values.iter().zip(&columns) {
        if column.iter().all(|x| *x == column[0]) {
            notes.push(format!("{} is the same for every answer: no palette can move it.", value.name));
        }
    }
    for i in 0..columns.len() {
        for j in i + 1..columns.len() {
            if same(&columns[i], &columns[j]) {
                let (a, b) = (&set.values[i].name, &set.values[j].name);
                notes.push(format!(
                    "{a} and {b} hold the same rewards up to scale: only the sum of their weights means \
                        anything. Switch one of them off."
                ));
            }
        }
    }
    // Answers of one prompt stand together here.
    if set.prompts.len() > 1
        && let Some(pair) = set
            .answers
            .windows(2)
            .find(|pair| pair[0].prompt == pair[1].prompt && pair[0].group != pair[1].group)
    {
        let prompt = quoted(&set.prompts[pair[0].prompt]);
        notes.push(format!("Answers to {prompt} belong to different groups; each counts in its own."));
    }
    let (rows, values) = (set.answers.len(), set.values.len());
    if rows < 10 * values {
        notes.push(format!(
            "{rows} answers are few for {values} values: what is solved on them may not hold for others. \
                Look at the intervals."
        ));
    }
    notes
}

/// Equal after standardising, within rounding.
fn same(a: &[f64], b: &[f64]) -> bool {
    let (ma, mb, sa, sb) = (mean(a), mean(b), standard_deviation(a), standard_deviation(b));
    sa > 0.0 && sb > 0.0 && a.iter().zip(b).all(|(a, b)| ((a - ma) / sa - (b - mb) / sb).abs() < 1e-9)
}

/// The beginning of a text, in quotation marks, for messages.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 40;
    let start: String = text.trim().chars().take(MOST).collect();
    let more = if text.trim().chars().count() > MOST { "…" } else { "" };
    format!("“{start}{more}”")
}
