//! `palette study scaling`: time and memory on synthetic tables, measured on this machine.

use super::input::BadInput;
use super::print;
use clap::Args;
use palette_study::scaling::{
    Axis, Instruments, ScalingQuestion, ScalingReport, ScalingRow, ScalingStudy, Size,
};
use std::sync::OnceLock;
use std::time::Instant;

#[derive(Args)]
pub(super) struct ScalingArguments {
    /// Rows, separated by commas; the other two as below.
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    #[arg(default_values_t = [1_000, 3_000, 10_000, 30_000, 100_000])]
    rows: Vec<usize>,
    /// Values, separated by commas.
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = [1, 2, 4, 8, 16])]
    values: Vec<usize>,
    /// Prompts, separated by commas.
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = [1, 10, 100, 1_000])]
    prompts: Vec<usize>,
    /// Rows, values and prompts of a table where they do not grow.
    #[arg(long, value_name = "ROWS,VALUES,PROMPTS", value_delimiter = ',', num_args = 1)]
    #[arg(default_values_t = [10_000, 4, 100])]
    base: Vec<usize>,
    /// Repetitions of which the median is taken.
    #[arg(long, value_name = "N", default_value_t = 9)]
    repetitions: usize,
    /// Seed of the tables.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Answer with JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: ScalingArguments) -> Result<(), BadInput> {
    let ScalingArguments { rows, values, prompts, base, repetitions, seed, json } = arguments;
    let [at_rows, at_values, at_prompts] = base[..] else {
        return Err(BadInput("--base takes three numbers: rows, values and prompts.".into()));
    };
    let base = Size { rows: at_rows, values: at_values, prompts: at_prompts };
    let question = ScalingQuestion { base, rows, values, prompts, repetitions, seed };
    let mut study = ScalingStudy::new(question, Instruments { seconds, memory })?;
    while !study.progress().is_done() {
        study.step()?;
    }
    let report = study.report();
    print::answer(&report, &report.notes, json, in_words)
}

fn seconds() -> f64 {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    BEGUN.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// The most memory that this process has held, where Linux says it.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(1024 * kilobytes)
}

fn in_words(report: &ScalingReport) -> String {
    let milliseconds = |seconds: f64| print::number(1e3 * seconds);
    let row = |row: &ScalingRow| {
        vec![
            row.size.rows.to_string(),
            row.size.values.to_string(),
            row.size.prompts.to_string(),
            milliseconds(row.prepare),
            milliseconds(row.first),
            milliseconds(row.small_move),
            row.memory.map_or("–".into(), |bytes| format!("{:.1}", bytes as f64 / 1e6)),
        ]
    };
    let mut sizes: Vec<&ScalingRow> = report.sizes.iter().collect();
    sizes.sort_by_key(|row| Axis::ALL.map(|axis| axis.of(row.size)));
    let rows: Vec<Vec<String>> = sizes.into_iter().map(row).collect();
    format!(
        "{}\n\nMedians of {} in milliseconds; the most memory held so far in MB:\n{}",
        report.sentences.join("\n"),
        report.repetitions,
        print::table(
            &["rows", "values", "prompts", "prepare", "first palette", "small move", "memory"],
            &rows
        )
    )
}
