//! A table of known distribution: every reward is √ρ·f + √(1 − ρ)·e, with f common to the values of an answer
//! and all f and e independent, of mean 0 and variance 1, and nearly normal: 12 uniform numbers summed, which
//! takes no function that differs between machines.

use super::Size;
use palette_tables::{Answer, SampleSet, Value, stream};
use rand::{Rng, RngCore};

/// ρ: the correlation of any two values.
pub const CORRELATION: f64 = 0.25;

/// The table of this size; the first prompts have one answer more where the rows do not divide.
pub fn table(size: Size, seed: u64) -> SampleSet {
    let Size { rows, values, prompts } = size;
    let mut random = stream(seed, "", &format!("scaling {rows} {values} {prompts}"));
    let (common, own) = (CORRELATION.sqrt(), (1.0 - CORRELATION).sqrt());
    let answers = (0..rows)
        .map(|row| {
            let shared = common * normal(&mut random);
            let rewards = (0..values).map(|_| shared + own * normal(&mut random)).collect();
            // Answers of one prompt stand together.
            Answer::new(row * prompts / rows, String::new(), rewards)
        })
        .collect();
    let value =
        |i: usize| Value { name: format!("value {}", i + 1), unit: String::new(), measured: String::new() };
    SampleSet {
        name: "synthetic".to_owned(),
        about: String::new(),
        values: (0..values).map(value).collect(),
        prompts: (0..prompts).map(|g| format!("prompt {}", g + 1)).collect(),
        answers,
        prompt_weights: Vec::new(),
    }
}

fn normal(random: &mut impl RngCore) -> f64 {
    (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0
}
