//! `palette-weights`: makes of the downloaded weights what the page loads. Small, so that setting up need not
//! build the whole command.

use clap::Parser;
use std::process::ExitCode;

#[derive(Parser)]
#[command(version, about = "Converts downloaded weights to what the page loads.")]
struct Command {
    #[command(flatten)]
    arguments: palette_weights::Arguments,
}

fn main() -> ExitCode {
    match palette_weights::run(Command::parse().arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("palette-weights: {error:?}");
            ExitCode::FAILURE
        }
    }
}
