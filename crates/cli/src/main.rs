//! `palette`: the headless command. Each subcommand is one native job made of the same library code as the
//! page's.

#[cfg(feature = "models")]
mod generate;
mod numeric;
#[cfg(feature = "models")]
mod sample_set;
#[cfg(feature = "models")]
mod score;
mod teaching;
mod verify;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// How much of each human value a language model should show, and what that costs.
///
/// A reward table has a row for each answer and a column for each value. A palette sets targets for values;
/// `palette solve` finds the reward weights λ that meet them at the least KL divergence from the model, or
/// proves that no weights do.
#[derive(Parser)]
#[command(
    version,
    about,
    after_help = "Examples:
  palette solve rewards.csv -t 'humor>=q80' -t 'helpful>=q80' -t 'diversity>=keep'
  palette ranges rewards.csv -t 'harmless>=1.2'
  palette repair rewards.csv -t 'humor>=q95' -t 'harmless>=q95' --how nearest
  palette solve rewards.csv --per-prompt -t 'harmless@medical>=q80' --group topic --json

Exit status: 0 for an answer (out of reach is an answer), 2 for input that makes no sense, 1 when a job \
failed."
)]
struct Command {
    #[command(subcommand)]
    job: Job,
}

#[derive(Subcommand)]
enum Job {
    /// Solve a palette: verdict with proof, λ, realised levels, price.
    Solve(numeric::solve::Arguments),
    /// Write what can be taken away of a palette: report, solution, weights, reward definitions, pictures.
    Export(numeric::export::Arguments),
    /// Repair a palette that is out of reach, or too dear.
    Repair(numeric::repair::Arguments),
    /// Say how far each value can go with the other targets held.
    Ranges(numeric::ranges::Arguments),
    /// Align to one value after another, and compare with all at once.
    Sequential(numeric::sequential::Arguments),
    /// Choose one of k drafts of new prompts by a palette, and measure what comes of it.
    Align(numeric::align::Arguments),
    /// Compare MAP, fixed and random weights, and best of k on the same drafts of new prompts.
    Compare(numeric::compare::Arguments),
    /// Compare solvers on a table: the paper's procedure, gradient ascent, L-BFGS, and this one's.
    Lab(numeric::lab::Arguments),
    /// Recompute the tables of the MAP paper from its authors' rewards: published beside exact.
    Paper(numeric::paper::Arguments),
    /// Study a table: what palettes can be had, where weighing single values fails, and how time and memory grow.
    Study(numeric::study::Arguments),
    /// Solve many palettes over one table.
    Batch(numeric::batch::Arguments),
    /// Grade the answer sheets of a class: every verdict is solved again.
    Grade(teaching::grade::Arguments),
    /// Make a lesson a package for learning platforms (SCORM 1.2).
    Scorm(teaching::scorm::Arguments),
    /// Check that a folder holds exactly the page that was built: nothing missing, altered or additional.
    Verify(verify::Arguments),
    /// Convert downloaded weights to what the page loads: shards of at most 32 MB and one manifest.
    #[cfg(feature = "models")]
    Weights(palette_weights::Arguments),
    /// Train the reward heads on labelled text and write their weights and model card.
    #[cfg(feature = "models")]
    Train(palette_training::Arguments),
    /// Draw answers to prompts.
    #[cfg(feature = "models")]
    Generate(generate::Arguments),
    /// Score answers: JSON Lines with `prompt` and `answer` in, the same objects with `rewards` out.
    #[cfg(feature = "models")]
    Score(score::Arguments),
    /// Make the built-in sample set: draw, score, write.
    #[cfg(feature = "models")]
    SampleSet(sample_set::Arguments),
}

fn main() -> ExitCode {
    let answered = |outcome: Result<(), numeric::BadInput>| match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("palette: {sentence}");
            ExitCode::from(2)
        }
    };
    #[cfg(feature = "models")]
    let job = |outcome: anyhow::Result<()>| match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<numeric::BadInput>() || error.is::<palette_tables::ImportError>() => {
            eprintln!("palette: {error}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("palette: {error:#}");
            ExitCode::FAILURE
        }
    };
    match Command::parse().job {
        Job::Solve(arguments) => answered(numeric::solve::run(arguments)),
        Job::Export(arguments) => answered(numeric::export::run(arguments)),
        Job::Repair(arguments) => answered(numeric::repair::run(arguments)),
        Job::Ranges(arguments) => answered(numeric::ranges::run(arguments)),
        Job::Sequential(arguments) => answered(numeric::sequential::run(arguments)),
        Job::Align(arguments) => answered(numeric::align::run(arguments)),
        Job::Compare(arguments) => answered(numeric::compare::run(arguments)),
        Job::Lab(arguments) => answered(numeric::lab::run(arguments)),
        Job::Paper(arguments) => answered(numeric::paper::run(arguments)),
        Job::Study(arguments) => answered(numeric::study::run(arguments)),
        Job::Batch(arguments) => answered(numeric::batch::run(arguments)),
        Job::Grade(arguments) => answered(teaching::grade::run(arguments)),
        Job::Scorm(arguments) => answered(teaching::scorm::run(arguments)),
        Job::Verify(arguments) => match verify::run(arguments) {
            Ok(false) => ExitCode::FAILURE,
            outcome => answered(outcome.map(drop)),
        },
        #[cfg(feature = "models")]
        Job::Weights(arguments) => job(palette_weights::run(arguments)),
        #[cfg(feature = "models")]
        Job::Train(arguments) => job(palette_training::run(arguments)),
        #[cfg(feature = "models")]
        Job::Generate(arguments) => job(generate::run(arguments)),
        #[cfg(feature = "models")]
        Job::Score(arguments) => job(score::run(arguments)),
        #[cfg(feature = "models")]
        Job::SampleSet(arguments) => job(sample_set::run(arguments)),
    }
}
