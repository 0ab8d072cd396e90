//! `palette align`: a palette solved for choosing one of k drafts, the choice made on new prompts, and what came of
//! it: what the page's Align does.

use super::ask::{TableArguments, TargetArguments, palette};
use super::input::BadInput;
use super::{drafts, holds, print};
use crate::numeric::ask::named_values;
use clap::Args;
use palette_study::align::{
    AskedTarget, Calibrated, Judged, MeasuredValue, Outcome, calibrate, judge, targets_on,
};
use palette_study::{Drafted, DraftsQuestion, Hold, Pooling, Question, Verdict};
use palette_tables::SampleSet;
use palette_tables::csv_text;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    table: TableArguments,
    #[command(flatten)]
    targets: TargetArguments,
    /// Table of rewarded drafts of new prompts, in the same form, several for each prompt.
    #[cfg_attr(feature = "models", arg(long, value_name = "TABLE", required_unless_present = "prompts"))]
    #[cfg_attr(not(feature = "models"), arg(long, value_name = "TABLE", required = true))]
    on: Option<PathBuf>,
    /// Draw the drafts here instead: a file of prompts, as `palette generate` reads it.
    #[cfg(feature = "models")]
    #[arg(long, value_name = "FILE", conflicts_with = "on")]
    prompts: Option<PathBuf>,
    /// Folder with the weights and their manifest.json, for --prompts.
    #[cfg(feature = "models")]
    #[arg(long, default_value = "public/weights")]
    weights: PathBuf,
    /// Drafts to choose one of; without it as many as every new prompt has, or 16 where they are drawn.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(2..=256))]
    drafts: Option<u32>,
    /// Solve so that each target holds on the new prompts with this confidence, 50 to 99%.
    #[arg(long, value_name = "PERCENT", value_parser = holds::confidence)]
    confidence: Option<f64>,
    /// Solve again on so many of the new prompts, and judge on the others.
    #[arg(long, value_name = "N")]
    calibrate: Option<usize>,
    /// Choose by the weights of all answers in one group, whatever k is drawn.
    #[arg(long, conflicts_with_all = ["confidence", "calibrate"])]
    pooled: bool,
    /// Seed of dealing, drawing and choosing.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also write every draft with its probability, as CSV.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Answer with JSON.
    #[arg(long)]
    json: bool,
}

/// What `--json` writes.
#[derive(Serialize)]
struct AlignReport {
    /// The palette for k drafts; `None` with --pooled.
    solved: Option<Drafted>,
    /// What was asked of each value.
    asked: Vec<AskedTarget>,
    /// λ by name, nats per unit.
    lambda: Vec<(String, f64)>,
    /// On all new prompts; `None` where the palette is not reachable, or was calibrated.
    judged: Option<Judged>,
    calibrated: Option<Calibrated>,
    notes: Vec<String>,
}

/// Drafts that are drawn where nobody says how many.
#[cfg(feature = "models")]
const USUAL_DRAFTS: u32 = 16;

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let table = TableArguments { per_prompt: !arguments.pooled, ..arguments.table.clone() };
    let opened = table.open(arguments.targets.name_groups(), &named_values(&arguments.targets.targets))?;
    let palette = palette(&opened.set, &arguments.targets.targets)?;
    let pooling = if arguments.pooled { Pooling::Pooled } else { Pooling::PerPrompt };
    let question = Question { palette, pooling };
    let (mut composer, mut notes) = opened.composer()?;
    let drafts = drafts::first_of_each(new_drafts(&arguments, &mut notes)?, arguments.drafts)?;
    let k = drafts.fewest_answers();
    let (palette, said) = targets_on(&question.palette, &drafts.groups());
    let question = Question { palette, ..question };
    notes.extend(said);
    let asked = composer.asked(&question)?;
    let (solved, lambda) = if arguments.pooled {
        let report = composer.solve(&question.palette, question.pooling)?.report;
        let values = report.values.iter().filter_map(|v| Some((v.name.clone(), v.lambda?)));
        let on_groups = report.groups.iter().filter_map(|at| Some((at.name.clone(), at.lambda? / at.share)));
        (None, values.chain(on_groups).collect())
    } else {
        let hold = arguments.confidence.map(|confidence| Hold { confidence, prompts: drafts.prompts.len() });
        let solved = composer
            .drafts(&question, DraftsQuestion { k, hold, seed: arguments.seed })
            .map_err(|error| BadInput(error.to_string()))?;
        let lambda = solved.lambda();
        (Some(solved), lambda)
    };
    let mut report = AlignReport { solved, asked, lambda, judged: None, calibrated: None, notes };
    if let Some(n) = arguments.calibrate {
        report.calibrated = Some(calibrate(&drafts, &report.asked, n, arguments.confidence, arguments.seed)?);
    } else if !report.lambda.is_empty() {
        report.judged = Some(judge(&drafts, &report.lambda, &report.asked, arguments.seed)?);
    }
    let judged = report.judged.as_ref().or(report.calibrated.as_ref().and_then(|c| c.judged.as_ref()));
    if let (Some(file), Some(judged)) = (&arguments.csv, judged) {
        std::fs::write(file, csv_text::of_choice(&drafts, &judged.probability, &judged.picked))
            .map_err(|e| BadInput(format!("{} cannot be written: {e}.", file.display())))?;
    }
    if arguments.json {
        return print::json(&report);
    }
    print::notes(&report.notes);
    print::out(&in_words(&report, k));
    Ok(())
}

/// The rewarded drafts of the new prompts.
fn new_drafts(arguments: &Arguments, notes: &mut Vec<String>) -> Result<SampleSet, BadInput> {
    if let Some(file) = &arguments.on {
        let group = arguments.table.group.as_deref();
        return drafts::open(file, group, &named_values(&arguments.targets.targets), notes);
    }
    #[cfg(feature = "models")]
    if let Some(file) = &arguments.prompts {
        let (name, bytes) = super::input::read(file)?;
        let prompts = palette_tables::prompts::read_grouped(&name, &bytes)?;
        let groups: Vec<String> = prompts.iter().map(|prompt| prompt.group.clone()).collect();
        let prompts = prompts.into_iter().map(|prompt| prompt.text).collect();
        let sampling = palette_tables::Sampling {
            answers: arguments.drafts.unwrap_or(USUAL_DRAFTS) as usize,
            seed: arguments.seed,
            ..palette_tables::Sampling::default()
        };
        let mut drafts = crate::sample_set::drawn(&name, prompts, &sampling, &arguments.weights)
            .map_err(|error| BadInput(format!("The drafts could not be drawn: {error:#}.")))?;
        for answer in &mut drafts.answers {
            answer.group.clone_from(&groups[answer.prompt]);
        }
        return Ok(drafts);
    }
    Err(BadInput("There are no drafts. Name a table of them with --on.".into()))
}

fn in_words(report: &AlignReport, k: usize) -> String {
    let mut text = String::new();
    if let Some(solved) = &report.solved {
        text += &holds::in_words(solved);
    }
    if let Some(calibrated) = &report.calibrated {
        text += &format!(
            "\nSolved again on {} of the new prompts: {}.\n",
            calibrated.calibration.len(),
            print::verdict(calibrated.solved.verdict)
        );
        if calibrated.solved.verdict == Verdict::Reachable {
            text += &holds::in_words(&calibrated.solved);
        }
    }
    let judged = report.judged.as_ref().or(report.calibrated.as_ref().and_then(|c| c.judged.as_ref()));
    match judged {
        Some(judged) => {
            let solved = report.calibrated.as_ref().map(|c| &c.solved).or(report.solved.as_ref());
            text += &judged_in_words(judged, &solved.map(Drafted::realised).unwrap_or_default(), k);
        }
        None => text += "\nNothing was chosen: there is no λ for this palette.\n",
    }
    text
}

fn judged_in_words(judged: &Judged, reweighted: &[(String, f64)], k: usize) -> String {
    let measured = &judged.measured;
    let rows: Vec<Vec<String>> = measured
        .values
        .iter()
        .map(|v| {
            vec![
                v.name.clone(),
                print::maybe(reweighted.iter().find(|(name, _)| *name == v.name).map(|(_, level)| *level)),
                print::number(v.base.mean),
                print::number(v.expected.mean),
                print::interval(v.expected.interval),
                print::number(v.lift.mean),
                print::interval(v.lift.interval),
                print::number(v.picked.mean),
                format!("{:.0}%", 100.0 * v.win_rate.mean),
                outcome(v),
            ]
        })
        .collect();
    let text = format!(
        "\nOn {} new prompts with {k} drafts each, {} nats spent. 95% intervals over prompts:\n{}",
        measured.prompts,
        print::number(measured.kl.mean),
        print::table(
            &[
                "value",
                "reweighted",
                "base",
                "expected",
                "interval",
                "lift",
                "interval",
                "picked",
                "wins",
                "target"
            ],
            &rows
        )
    );
    text + &print::shifts(&judged.shifts)
}

fn outcome(value: &MeasuredValue) -> String {
    match (value.outcome, value.more_prompts) {
        (Outcome::NoTarget, _) => "–".into(),
        (Outcome::Met, _) => "met".into(),
        (Outcome::Missed, _) => "missed".into(),
        (Outcome::Near, _) => "as near as can be told".into(),
        (Outcome::TooFew, _) => "too few prompts".into(),
        (Outcome::Undecided, Some(more)) => format!("undecided, about {more} more prompts would tell"),
        (Outcome::Undecided, None) => "undecided, too close to tell".into(),
    }
}
