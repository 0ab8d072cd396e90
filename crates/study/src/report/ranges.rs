//! How far each value can go with the other targets held.

use crate::Question;
use crate::compose::{Composer, Memory};
use map_align::ranges;
use serde::{Deserialize, Serialize};

/// The attainable range of every value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RangesReport {
    /// One for each value of the sample set, in its order.
    pub values: Vec<RangeOfValue>,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// How far one value can go, in its own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RangeOfValue {
    pub name: String,
    /// Base mean.
    pub base: f64,
    #[serde(rename = "sd")]
    pub standard_deviation: f64,
    /// `None` when the other targets alone are out of reach; so is `highest` then.
    pub lowest: Option<f64>,
    pub highest: Option<f64>,
}

impl Composer {
    /// The lowest and the highest level of every value with the other targets held.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set.
    pub fn ranges(&mut self, question: &Question) -> Result<RangesReport, String> {
        self.in_context(&question.palette, question.pooling, |context| {
            let Memory { pool, .. } = context.memory;
            let found = ranges(context.problem, pool, context.bounds);
            let row = |(i, value): (usize, &palette_tables::Value)| RangeOfValue {
                name: value.name.clone(),
                base: context.problem.mean(i),
                standard_deviation: context.problem.standard_deviation(i),
                lowest: found[i].lowest,
                highest: found[i].highest,
            };
            let values = context.set.values.iter().enumerate().map(row).collect();
            RangesReport { values, notes: Vec::new() }
        })
    }
}
