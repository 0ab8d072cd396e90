//! What was measured, and what one sees in it.

use super::growth::exponent;
use super::{ScalingQuestion, Size};
use crate::cells::{cell, verdict};
use map_align::Verdict;
use palette_tables::csv_text::Writer;
use serde::{Deserialize, Serialize};

/// Time and memory on tables of several sizes, where this was run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScalingReport {
    /// What the sizes have in common along each axis.
    pub base: Size,
    pub repetitions: usize,
    /// Smallest tables first.
    pub sizes: Vec<ScalingRow>,
    pub growth: Vec<Growth>,
    /// What one sees.
    pub sentences: Vec<String>,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// One size: medians over the repetitions, seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScalingRow {
    #[serde(flatten)]
    pub size: Size,
    /// To make a problem of the table.
    #[serde(rename = "prepare_seconds")]
    pub prepare: f64,
    /// The first palette on it: verdict, λ, and how far each value can go.
    #[serde(rename = "first_seconds")]
    pub first: f64,
    /// The same palette with one target moved a little.
    #[serde(rename = "move_seconds")]
    pub small_move: f64,
    /// The most bytes held so far, beyond those before the study; `None` where nobody can say.
    #[serde(rename = "memory_bytes")]
    pub memory: Option<u64>,
    pub verdict: Verdict,
    /// Nats; `None` unless reachable.
    pub kl: Option<f64>,
    /// Of each value, nats per unit; `None` unless reachable.
    pub lambda: Vec<Option<f64>>,
}

/// What grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Axis {
    Rows,
    Values,
    Prompts,
}

/// Fitted exponents along one axis: time grows as its size to this power. `None` with fewer than two sizes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    pub axis: Axis,
    /// Of preparing and the first palette together.
    pub first: Option<f64>,
    #[serde(rename = "move")]
    pub small_move: Option<f64>,
    pub memory: Option<f64>,
}

impl Axis {
    pub const ALL: [Axis; 3] = [Axis::Rows, Axis::Values, Axis::Prompts];

    /// As in JSON, and in sentences.
    pub fn name(self) -> &'static str {
        match self {
            Axis::Rows => "rows",
            Axis::Values => "values",
            Axis::Prompts => "prompts",
        }
    }

    /// How large a table is along this axis.
    pub fn of(self, size: Size) -> usize {
        match self {
            Axis::Rows => size.rows,
            Axis::Values => size.values,
            Axis::Prompts => size.prompts,
        }
    }
}

impl ScalingRow {
    /// Seconds from a table to the first verdict.
    pub fn to_first(&self) -> f64 {
        self.prepare + self.first
    }
}

impl ScalingReport {
    pub(super) fn new(question: &ScalingQuestion, sizes: Vec<ScalingRow>) -> Self {
        let mut report = ScalingReport {
            base: question.base,
            repetitions: question.repetitions,
            sizes,
            growth: Vec::new(),
            sentences: Vec::new(),
            notes: Vec::new(),
        };
        report.growth = Axis::ALL.into_iter().map(|axis| report.growth_along(axis)).collect();
        report.sentences = report.seen();
        report.notes = report.remarks();
        report
    }

    /// The sizes that differ from the base along this axis alone, in order.
    pub fn along(&self, axis: Axis) -> Vec<&ScalingRow> {
        let others = |row: &&ScalingRow| {
            Axis::ALL.into_iter().all(|other| other == axis || other.of(row.size) == other.of(self.base))
        };
        let mut rows: Vec<&ScalingRow> = self.sizes.iter().filter(others).collect();
        rows.sort_by_key(|row| axis.of(row.size));
        rows
    }

    fn growth_along(&self, axis: Axis) -> Growth {
        let rows = self.along(axis);
        let fitted = |of: &dyn Fn(&ScalingRow) -> f64| {
            exponent(rows.iter().map(|row| (axis.of(row.size) as f64, of(row))))
        };
        Growth {
            axis,
            first: fitted(&ScalingRow::to_first),
            small_move: fitted(&|row| row.small_move),
            // Along prompts a table of any size holds as many numbers.
            memory: fitted(&|row| row.memory.unwrap_or(0) as f64).filter(|_| axis != Axis::Prompts),
        }
    }

    /// A line for each size, with a header.
    pub fn csv(&self) -> String {
        let mut writer = Writer::default();
        let header = ["rows", "values", "prompts", "prepare_seconds", "first_seconds", "move_seconds"];
        writer.row(header.into_iter().chain(["memory_bytes", "verdict", "kl"]));
        for row in &self.sizes {
            let size = Axis::ALL.map(|axis| axis.of(row.size).to_string());
            let times = [row.prepare, row.first, row.small_move].map(|x| cell(Some(x)));
            let memory = row.memory.map_or(String::new(), |bytes| bytes.to_string());
            let verdict = verdict(row.verdict);
            writer.row(size.into_iter().chain(times).chain([memory, verdict.to_owned(), cell(row.kl)]));
        }
        writer.finish()
    }

    fn seen(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        if let Some(largest) = self.along(Axis::Rows).last() {
            sentences.push(format!(
                "A table of {} rows and {} values has its first verdict, λ and ranges after {}, and follows a \
                    small move in {}.",
                grouped(largest.size.rows),
                largest.size.values,
                time(largest.to_first()),
                time(largest.small_move)
            ));
        }
        for growth in &self.growth {
            // Along values and prompts people double more often than they have tenfold.
            let (times, words) = match growth.axis {
                Axis::Rows | Axis::Prompts => (10.0, "10 × the"),
                Axis::Values => (2.0, "twice the"),
            };
            let Some(power) = growth.first else { continue };
            let name = growth.axis.name();
            let moves = growth
                .small_move
                .map_or(String::new(), |power| format!("; a small move as {name}^{power:.2}"));
            sentences.push(format!(
                "Time to the first verdict grows as {name}^{power:.2}: {words} {name} take {} × the time{moves}.",
                factor(f64::powf(times, power))
            ));
        }
        if let Some(largest) = self.along(Axis::Rows).last()
            && let Some(bytes) = largest.memory.filter(|bytes| *bytes > 0)
        {
            let rewards = (largest.size.rows * largest.size.values) as f64;
            sentences.push(format!(
                "{} rows and {} values take {:.0} MB, {:.0} bytes a reward.",
                grouped(largest.size.rows),
                largest.size.values,
                bytes as f64 / 1e6,
                bytes as f64 / rewards
            ));
        }
        sentences
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        let missed = self.sizes.iter().filter(|row| row.verdict != Verdict::Reachable).count();
        if missed > 0 {
            remarks.push(format!(
                "{missed} of {} sizes put the palette out of reach: too few answers a prompt for so many values.",
                self.sizes.len()
            ));
        }
        if self.sizes.iter().any(|row| row.memory.is_none()) {
            remarks.push("Memory is not known where this was run.".to_owned());
        }
        remarks
    }
}

/// `1,000,000`.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Two figures: `0.40 ms`, `12 ms`, `1.3 s`.
fn time(seconds: f64) -> String {
    let (x, unit) = if seconds < 1.0 { (1e3 * seconds, "ms") } else { (seconds, "s") };
    let decimals = if x < 1.0 {
        2
    } else if x < 10.0 {
        1
    } else {
        0
    };
    format!("{x:.decimals$} {unit}")
}

/// `10.4`, `1.07`.
fn factor(x: f64) -> String {
    if x < 3.0 { format!("{x:.2}") } else { format!("{x:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_for_people() {
        assert_eq!(
            [7, 300, 1_200, 100_000, 1_000_000].map(grouped),
            ["7", "300", "1,200", "100,000", "1,000,000"]
        );
        assert_eq!([0.0004, 0.0123, 1.26].map(time), ["0.40 ms", "12 ms", "1.3 s"]);
        assert_eq!([1.066, 10.43].map(factor), ["1.07", "10.4"]);
    }
}
