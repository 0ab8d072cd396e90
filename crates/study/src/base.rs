//! A sample set before any palette: what the solver takes for its base distribution.

use crate::Pooling;
use crate::prepared::PreparedTable;
use map_align::ProblemError;
use palette_tables::SampleSet;

/// The base distribution of a set, as every report on it takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// Share of each answer, in the order of the set; they sum to 1.
    pub shares: Vec<f64>,
    /// Mean of each value, in its unit.
    pub means: Vec<f64>,
    /// Standard deviation of each value, in its unit; 0 when it is the same for every answer.
    pub standard_deviations: Vec<f64>,
}

impl Base {
    /// # Errors
    /// When the set has no answers, a reward is not finite, or weights leave nothing to choose from.
    pub fn of(set: &SampleSet, pooling: Pooling) -> Result<Self, ProblemError> {
        let problem = PreparedTable::new(set, pooling)?.problem;
        let values = 0..set.values.len();
        Ok(Base {
            shares: problem.table_shares(),
            means: values.clone().map(|i| problem.mean(i)).collect(),
            standard_deviations: values.map(|i| problem.standard_deviation(i)).collect(),
        })
    }
}
