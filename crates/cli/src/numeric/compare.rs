//! `palette compare`: a palette by every method on the same drafts of new prompts.

use super::ask::{TableArguments, TargetArguments, index, named_values, palette};
use super::input::BadInput;
use super::{drafts, holds, print};
use clap::Args;
use palette_study::align::AskedTarget;
use palette_study::compare::{CompareQuestion, Comparison, Method};
use palette_study::{Pooling, Question};
use palette_tables::SampleSet;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    table: TableArguments,
    #[command(flatten)]
    targets: TargetArguments,
    /// Table of rewarded drafts of new prompts, in the same form, several for each prompt.
    #[arg(long, value_name = "TABLE")]
    on: PathBuf,
    /// Drafts to choose one of; without it as many as every new prompt has.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(2..=256))]
    drafts: Option<u32>,
    /// Also MAP with a margin, so that each target holds on the new prompts with this confidence, 50 to 99%.
    #[arg(long, value_name = "PERCENT", value_parser = holds::confidence)]
    confidence: Option<f64>,
    /// Also your own weights, per standard deviation: VALUE=WEIGHT, separated by commas.
    #[arg(long, value_name = "VALUE=WEIGHT,…", value_delimiter = ',', allow_hyphen_values = true)]
    weights: Vec<String>,
    /// Also λ = weights/β, in the rewards' own units. May be given several times.
    #[arg(long, requires = "weights", value_parser = beta)]
    beta: Vec<f64>,
    /// Seed of dealing, random weights and choosing.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also write a line for every method and value, as CSV.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Answer with JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let table = TableArguments { per_prompt: true, ..arguments.table.clone() };
    let chosen = named_values(&arguments.targets.targets);
    let opened = table.open(arguments.targets.name_groups(), &chosen)?;
    let palette = palette(&opened.set, &arguments.targets.targets)?;
    let weights = weights(&opened.set, &arguments.weights)?;
    let question = Question { palette, pooling: Pooling::PerPrompt };
    let (mut composer, mut notes) = opened.composer()?;
    let drafts = drafts::first_of_each(
        drafts::open(&arguments.on, table.group.as_deref(), &chosen, &mut notes)?,
        arguments.drafts,
    )?;
    let compare = CompareQuestion {
        k: drafts.fewest_answers(),
        seed: arguments.seed,
        confidence: arguments.confidence,
        weights,
        betas: arguments.beta.clone(),
    };
    let mut report = composer.compare(&question, &compare, &drafts)?.comparison;
    report.notes.extend(notes);
    if let Some(file) = &arguments.csv {
        std::fs::write(file, report.csv())
            .map_err(|e| BadInput(format!("{} cannot be written: {e}.", file.display())))?;
    }
    print::answer(&report, &report.notes, arguments.json, in_words)
}

/// Weights as they were said, by the names of the table.
fn weights(set: &SampleSet, said: &[String]) -> Result<Vec<(String, f64)>, BadInput> {
    let mut weights: Vec<(String, f64)> = Vec::new();
    for text in said {
        let read = text.rsplit_once('=').and_then(|(name, number)| {
            let number = palette_tables::number::parse(number.trim()).ok()?;
            Some((name.trim(), number))
        });
        let (name, number) = read.ok_or_else(|| {
            BadInput(format!("“{text}” is no weight: say VALUE=NUMBER, as in --weights humor=1,helpful=2."))
        })?;
        let name = set.values[index(set, name)?].name.clone();
        if weights.iter().any(|(other, _)| *other == name) {
            return Err(BadInput(format!("{name} has two weights. Keep one.")));
        }
        weights.push((name, number));
    }
    Ok(weights)
}

/// β as a number above 0.
fn beta(text: &str) -> Result<f64, String> {
    match palette_tables::number::parse(text.trim()) {
        Ok(beta) if beta > 0.0 && beta.is_finite() => Ok(beta),
        _ => Err("β must be a number above 0".into()),
    }
}

fn in_words(report: &Comparison) -> String {
    let shown: Vec<&AskedTarget> = report.asked.iter().filter(|asked| !asked.is_off()).collect();
    let columns: Vec<String> = shown
        .iter()
        .map(|asked| if asked.relative { format!("{} lift", asked.name) } else { asked.name.clone() })
        .collect();
    let header: Vec<&str> =
        ["method", "KL", "met", "decided"].into_iter().chain(columns.iter().map(String::as_str)).collect();
    let mut rows = Vec::new();
    if !shown.is_empty() {
        let mut asked = vec!["(asked)".to_owned(), String::new(), String::new(), shown.len().to_string()];
        asked.extend(shown.iter().map(|asked| {
            let from = if asked.relative { asked.base } else { 0.0 };
            print::bounds(asked.lower.map(|c| c - from), asked.upper.map(|c| c - from))
        }));
        rows.push(asked);
    }
    rows.extend(report.methods.iter().map(|method| row(method, &shown)));
    let mut text = format!(
        "On {} new prompts with {} drafts each: expected levels, or lifts above the prompts' own base, \
            with half-widths of their 95% intervals over prompts.\n{}",
        report.prompts,
        report.k,
        print::table(&header, &rows)
    );
    for method in &report.methods {
        text += &format!("\n{}: {}", method.name, method.about);
        if let Some(random) = &method.random {
            text += &format!(
                " Of them {:.0}% have more than base of every raised value (navigation efficiency), {:.0}% \
                    meet all \
                    targets.",
                100.0 * random.navigation_efficiency,
                100.0 * random.all_met
            );
        }
        if let Some(reason) = &method.reason {
            text += &format!(" Not here: {reason}");
        }
    }
    text + "\n" + &print::shifts(&report.shifts)
}

fn row(method: &Method, shown: &[&AskedTarget]) -> Vec<String> {
    let mut row = vec![method.name.clone()];
    let (Some(measured), Some(targets)) = (&method.measured, method.targets) else {
        row.extend(std::iter::repeat_n("–".to_owned(), 3 + shown.len()));
        return row;
    };
    row.extend([print::number(measured.kl.mean), targets.met.to_string(), targets.decided.to_string()]);
    row.extend(shown.iter().map(|asked| {
        let value = measured.values.iter().find(|value| value.name == asked.name);
        let estimate = value.map(|value| if asked.relative { value.lift } else { value.expected });
        estimate.map_or("–".into(), |estimate| match estimate.interval {
            Some([low, high]) => {
                format!("{} ± {}", print::number(estimate.mean), print::number(0.5 * (high - low)))
            }
            None => print::number(estimate.mean),
        })
    }));
    row
}
