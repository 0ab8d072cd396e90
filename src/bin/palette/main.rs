//! `palette`: the headless command. Each subcommand is one native job made of the same library code as the page's.

mod generate;
mod sample_set;
mod score;
mod train;
mod weights;
mod weights_folder;

use clap::{Parser, Subcommand};

/// Headless jobs of MAP Palette: convert weights, train reward heads, draw and score answers.
#[derive(Parser)]
#[command(version, about)]
struct Command {
    #[command(subcommand)]
    job: Job,
}

#[derive(Subcommand)]
enum Job {
    /// Convert downloaded weights to what the page loads: Q8_0 shards of at most 32 MB and one manifest.
    Weights(weights::Arguments),
    /// Train the reward heads on labelled text and write their weights and model card.
    Train(train::Arguments),
    /// Draw answers to prompts.
    Generate(generate::Arguments),
    /// Score answers: JSON Lines with `prompt` and `answer` in, the same objects with `rewards` out.
    Score(score::Arguments),
    /// Make the built-in sample set: draw, score, write.
    SampleSet(sample_set::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Command::parse().job {
        Job::Weights(arguments) => weights::run(arguments),
        Job::Train(arguments) => train::run(arguments),
        Job::Generate(arguments) => generate::run(arguments),
        Job::Score(arguments) => score::run(arguments),
        Job::SampleSet(arguments) => sample_set::run(arguments),
    }
}
