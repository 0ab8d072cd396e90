//! From λ to answers: one of the drafts of each new prompt is picked, and what comes of it is measured against
//! what was asked.

mod choose;
mod csv;
mod groups;
mod judge;
mod measure;
mod outcome;
mod shift;

pub use crate::asked::AskedTarget;
pub(crate) use choose::rows_of;
pub use choose::{Choice, Weights, choose, choose_by, pick_numbers, weights_for};
pub(crate) use csv::{MEASURED, measured};
pub use groups::targets_on;
pub use judge::{Calibrated, Judged, calibrate, judge};
pub(crate) use measure::kl_by_prompt;
pub use measure::{Measured, MeasuredValue, lift_on, measure};
pub use outcome::Outcome;
pub use shift::{BaseShift, base_shifts};

#[cfg(test)]
pub(crate) mod testing {
    use super::Weights;
    use palette_tables::{Answer, SampleSet, Value};

    /// λ of the values on all prompts.
    pub(crate) fn on_all(lambda: &[f64]) -> Weights {
        Weights { values: lambda.to_vec(), on_groups: Vec::new() }
    }

    /// Three drafts for each prompt with rewards (0, 1), (1, 0) and (2, −1).
    pub(crate) fn drafts(prompts: usize) -> SampleSet {
        let value = |name: &str| Value { name: name.into(), unit: String::new(), measured: String::new() };
        SampleSet {
            name: String::new(),
            about: String::new(),
            values: vec![value("a"), value("b")],
            prompts: (0..prompts).map(|g| format!("question {g}")).collect(),
            answers: (0..prompts)
                .flat_map(|g| {
                    [(0.0, 1.0), (1.0, 0.0), (2.0, -1.0)]
                        .map(|(a, b)| Answer::new(g, String::new(), vec![a, b]))
                })
                .collect(),
            prompt_weights: Vec::new(),
        }
    }
}
