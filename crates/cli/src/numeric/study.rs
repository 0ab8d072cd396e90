//! `palette study`: what a table teaches about palettes.

use super::ask::{Opened, TableArguments};
use super::input::BadInput;
use super::print;
use super::scaling::{self, ScalingArguments};
use clap::{Args, Subcommand};
use palette_study::{Interaction, InteractionsReport, ShapeReport, ShapeRow};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    study: Study,
}

#[derive(Subcommand)]
enum Study {
    /// Random and grid palettes over 1 to 6 values: how many are within reach, and at what price.
    Shape {
        #[command(flatten)]
        table: TableArguments,
        /// Random palettes for each number of values.
        #[arg(long, value_name = "N", default_value_t = 200)]
        #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
        palettes: u32,
        /// Seed of drawing.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Answer with JSON.
        #[arg(long)]
        json: bool,
    },
    /// One palette on groups of prompts: whether the λ of one does on another what is asked there.
    Transfer(super::transfer::Arguments),
    /// Products, maxima, thresholds and “one only if the other” of values: what weighing the values reaches,
    /// against the best that the same KL can have.
    Interactions {
        #[command(flatten)]
        table: TableArguments,
        /// Values to combine, separated by commas; all that vary without it.
        #[arg(long, value_name = "VALUE,…", value_delimiter = ',')]
        values: Vec<String>,
        /// Nats to spend.
        #[arg(long, value_name = "NATS", default_value = "0.5", value_parser = nats)]
        kl: f64,
        /// Answer with JSON.
        #[arg(long)]
        json: bool,
    },
    /// Time and memory on synthetic tables as rows, values and prompts grow, on this machine.
    Scaling(ScalingArguments),
    /// What two values can be at once with the other targets held: the frontier, exact from both sides.
    Plane(super::plane::Arguments),
    /// What one target costs along its lane, the others held, up to the edge.
    Price(super::price::Arguments),
    /// Why two targets cannot both be had: the proof, what they cost together up to the edge, and the answers
    /// that come nearest.
    WhyNot(super::why_not::Arguments),
}

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    match arguments.study {
        Study::Shape { table, palettes, seed, json } => {
            let opened = table.open(false, &[])?;
            let pooling = opened.pooling;
            let (mut composer, notes) = opened.composer()?;
            let mut report = composer.shape(pooling, palettes as usize, seed)?;
            report.notes.extend(notes);
            print::answer(&report, &report.notes, json, shape_in_words)?;
        }
        Study::Transfer(arguments) => super::transfer::run(arguments)?,
        Study::Interactions { table, values, kl, json } => {
            let opened = table.open(false, &values)?;
            let values = named(&opened, &values)?;
            let pooling = opened.pooling;
            let (mut composer, notes) = opened.composer()?;
            let mut report = composer.interactions(pooling, &values, kl)?;
            report.notes.extend(notes);
            print::answer(&report, &report.notes, json, interactions_in_words)?;
        }
        Study::Scaling(arguments) => scaling::run(arguments)?,
        Study::Plane(arguments) => super::plane::run(arguments)?,
        Study::Price(arguments) => super::price::run(arguments)?,
        Study::WhyNot(arguments) => super::why_not::run(arguments)?,
    }
    Ok(())
}

fn nats(text: &str) -> Result<f64, String> {
    match palette_tables::number::parse(text.trim()) {
        Ok(kl) if kl > 0.0 && kl.is_finite() => Ok(kl),
        _ => Err("nats to spend must be a number above 0".into()),
    }
}

/// Names as the table has them.
fn named(opened: &Opened, values: &[String]) -> Result<Vec<String>, BadInput> {
    let name = |value: &String| {
        super::ask::index(&opened.set, value.trim()).map(|i| opened.set.values[i].name.clone())
    };
    values.iter().map(name).collect()
}

fn shape_in_words(report: &ShapeReport) -> String {
    let header =
        ["values", "level", "palettes", "reachable", "edge", "out of reach", "nats", "drafts", "samples"];
    let row = |row: &ShapeRow| {
        let quartiles = |x: Option<[f64; 3]>| {
            x.map_or("–".into(), |[low, middle, high]| {
                format!("{} ({} to {})", print::number(middle), print::number(low), print::number(high))
            })
        };
        vec![
            row.values.to_string(),
            row.level.map_or("random".into(), |level| format!("+{level} sd")),
            row.palettes.to_string(),
            format!("{:.0}%", 100.0 * row.share()),
            row.edge.to_string(),
            row.unreachable.to_string(),
            quartiles(row.kl),
            quartiles(row.drafts),
            quartiles(row.effective_samples),
        ]
    };
    let rows: Vec<Vec<String>> = report.random.iter().chain(&report.grid).map(row).collect();
    format!(
        "{}\n\n{} answers in {} groups; medians with quartiles over those within reach:\n{}",
        report.sentences.join("\n"),
        report.answers,
        report.prompts,
        print::table(&header, &rows)
    )
}

fn interactions_in_words(report: &InteractionsReport) -> String {
    let rows: Vec<Vec<String>> = (report.interactions.iter())
        .map(|row| {
            let [a, b] = [0, 1].map(|i| row.of.get(i).map_or("", String::as_str));
            let name = match row.kind {
                Interaction::Product => format!("{a} · {b}"),
                Interaction::Maximum => format!("max({a}, {b})"),
                Interaction::Threshold => format!("{a} in its upper fifth"),
                Interaction::OnlyIf => format!("{a} only if {b}"),
            };
            vec![
                name,
                print::number(row.by_values),
                print::number(row.optimum),
                format!("{:.0}%", 100.0 * row.share),
                print::number(row.correlation),
            ]
        })
        .collect();
    format!(
        "{}\n\nLifts in standard deviations of the interaction, at {} nats:\n{}",
        report.sentences.join("\n"),
        print::number(report.kl),
        print::table(&["interaction", "by values", "optimum", "share", "correlation"], &rows)
    )
}
