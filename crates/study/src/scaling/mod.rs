//! What a palette takes in time and memory as tables grow in rows, values and prompts, measured wherever this
//! runs: synthetic tables of known distribution, each prepared, solved, and solved again after a small move.

mod growth;
mod report;
mod study;
mod synthetic;

pub use report::{Axis, Growth, ScalingReport, ScalingRow};
pub use study::ScalingStudy;
pub use synthetic::{CORRELATION, table};

use serde::{Deserialize, Serialize};

/// What measures. Plain functions, so that a study can carry them.
#[derive(Clone, Copy, Debug)]
pub struct Instruments {
    /// A clock that never runs backwards.
    pub seconds: fn() -> f64,
    /// The most bytes that this program has held so far; `None` where nobody can say.
    pub memory: fn() -> Option<u64>,
}

/// How large a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    pub rows: usize,
    pub values: usize,
    pub prompts: usize,
}

/// Which sizes to measure: along each axis, while the other two are as in `base`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScalingQuestion {
    pub base: Size,
    pub rows: Vec<usize>,
    pub values: Vec<usize>,
    pub prompts: Vec<usize>,
    /// Of which the median is taken.
    pub repetitions: usize,
    pub seed: u64,
}

/// More rows than this no browser holds.
pub const MOST_ROWS: usize = 3_000_000;
const MOST_VALUES: usize = 64;
const MOST_REPETITIONS: usize = 101;
const LADDER: [usize; 7] = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];

impl ScalingQuestion {
    /// 1,000 to `most` rows in steps of about 3; 1 to 16 values and 1 to 1,000 prompts at 10,000 rows.
    pub fn up_to(most: usize) -> Self {
        ScalingQuestion {
            base: Size { rows: 10_000, values: 4, prompts: 100 },
            rows: LADDER.into_iter().filter(|rows| *rows <= most).collect(),
            values: vec![1, 2, 4, 8, 16],
            prompts: vec![1, 10, 100, 1_000],
            repetitions: 9,
            seed: 1,
        }
    }

    /// Every size once, the smallest tables first: so the most memory held so far is that of the last.
    ///
    /// # Errors
    /// A sentence when a size makes no sense.
    pub fn sizes(&self) -> Result<Vec<Size>, String> {
        let base = self.base;
        let mut sizes = vec![base];
        sizes.extend(self.rows.iter().map(|rows| Size { rows: *rows, ..base }));
        sizes.extend(self.values.iter().map(|values| Size { values: *values, ..base }));
        sizes.extend(self.prompts.iter().map(|prompts| Size { prompts: *prompts, ..base }));
        sizes.sort_by_key(|size| (size.rows * size.values, size.rows, size.prompts));
        sizes.dedup();
        for size in &sizes {
            let Size { rows, values, prompts } = *size;
            if !(1..=MOST_VALUES).contains(&values) || rows > MOST_ROWS {
                return Err(format!(
                    "{rows} rows of {values} values are not measured. Ask for 1 to {MOST_VALUES} values and up to \
                        {MOST_ROWS} rows."
                ));
            }
            if prompts == 0 || rows / prompts < 2 {
                return Err(format!(
                    "{rows} rows are too few for {prompts} prompts: each needs two answers. Ask for more rows or \
                        fewer prompts."
                ));
            }
        }
        if !(1..=MOST_REPETITIONS).contains(&self.repetitions) {
            return Err(format!("Ask for 1 to {MOST_REPETITIONS} repetitions."));
        }
        Ok(sizes)
    }
}
